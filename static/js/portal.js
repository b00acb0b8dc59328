// Everything here is a convenience: each page works without it.
(() => {
  const one = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const visible = (element) => element.checkVisibility();

  const remember = (name, value) => {
    try {
      if (value === null) localStorage.removeItem(name);
      else localStorage.setItem(name, value);
    } catch {
      // Storage may be switched off; the choice then lasts for this page.
    }
  };
  const recall = (name) => {
    try {
      return localStorage.getItem(name);
    } catch {
      return null;
    }
  };

  const say = (text) => {
    const status = one("#status");
    if (!status || !text) return;
    status.textContent = "";
    // A short pause lets screen readers notice the same sentence twice.
    setTimeout(() => (status.textContent = text), 50);
  };

  // Theme -------------------------------------------------------------
  const showTheme = () => {
    const current = document.documentElement.dataset.theme || "auto";
    for (const button of all("[data-theme-choice]")) {
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === current));
    }
  };
  const chooseTheme = (theme) => {
    if (theme === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    remember("theme", theme === "auto" ? null : theme);
    showTheme();
  };

  // Tabs: on a phone they scroll, and the one that one is on is in sight.
  const showTab = () => {
    for (const tab of all(".tabs [aria-current]")) {
      const list = tab.closest("ul");
      const left = tab.getBoundingClientRect().left - list.getBoundingClientRect().left;
      list.scrollLeft = left - (list.clientWidth - tab.offsetWidth) / 2;
    }
  };

  // Menus, dialogs ----------------------------------------------------
  const closeMenus = (except) => {
    for (const menu of all("details.menu[open]")) if (menu !== except) menu.open = false;
  };
  const openDialog = (id) => {
    const dialog = document.getElementById(id);
    if (dialog && !dialog.open) dialog.showModal();
  };

  // Keys --------------------------------------------------------------
  const shortcutsOn = () => recall("shortcuts") !== "off";
  const typing = (target) => target.closest("input, select, textarea, [contenteditable]");
  const move = (step) => {
    const items = all("[data-list-item]").filter(visible);
    if (!items.length) return false;
    const at = items.findIndex((item) => item.matches("[aria-current]") || item.contains(document.activeElement));
    const next = items[Math.min(Math.max(at + step, 0), items.length - 1)];
    const link = next.matches("a") ? next : one("a", next);
    for (const item of items) item.removeAttribute("aria-current");
    next.setAttribute("aria-current", "true");
    link.focus();
    link.click();
    return true;
  };
  const press = (key) => {
    if (key === "j" && move(1)) return true;
    if (key === "k" && move(-1)) return true;
    const element = all(`[data-key="${CSS.escape(key)}"]`).find(visible);
    if (!element) return false;
    if (element.matches("input, select, textarea")) element.focus();
    else element.click();
    return true;
  };
  const onKey = (event) => {
    if (event.key === "Escape") {
      const menu = event.target.closest("details.menu[open]");
      closeMenus();
      if (menu) one("summary", menu).focus();
      return;
    }
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing;
    if (!plain || event.key.length !== 1 || typing(event.target) || one("dialog[open]") || !shortcutsOn()) return;
    if (press(event.key)) event.preventDefault();
  };

  // Undo: the bar leaves after its seconds, but never while it has focus
  const countDown = (bar) => {
    const shown = one("[data-seconds-left]", bar);
    let left = Number(bar.dataset.undoSeconds);
    bar.removeAttribute("data-undo-seconds");
    const tick = setInterval(() => {
      if (!bar.isConnected) return clearInterval(tick);
      if (bar.contains(document.activeElement) || bar.matches(":hover")) return undefined;
      left -= 1;
      if (shown) shown.textContent = String(Math.max(left, 0));
      if (left > 0) return undefined;
      clearInterval(tick);
      return bar.remove();
    }, 1000);
  };

  // Forms -------------------------------------------------------------
  const markSaving = (form, state) => {
    const sign = one("[data-autosave-status]", form);
    if (!sign || !sign.dataset[state]) return;
    sign.textContent = sign.dataset[state];
    sign.parentElement.classList.toggle("failed", state === "failed");
    if (state === "failed") say(sign.dataset.failed);
  };
  const checkFiles = (input) => {
    const limit = Number(input.dataset.maxBytes);
    const tooLarge = [...input.files].some((file) => limit && file.size > limit);
    input.setCustomValidity(tooLarge ? input.dataset.tooLarge : "");
    if (tooLarge) input.reportValidity();
  };
  const keepChosen = (box) => {
    const chosen = one("[data-chosen]", box.closest("[data-picker]"));
    if (!chosen || !box.checked || chosen.contains(box)) return;
    const same = all("input", chosen).find((input) => input.value === box.value);
    if (same) {
      same.checked = true;
      return;
    }
    chosen.append(box.closest("li"));
    chosen.hidden = false;
    box.focus();
  };

  // A search box that narrows a list which is on the page already: no network is asked
  const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().trim();
  const narrow = (box) => {
    const items = all(`#${box.dataset.narrows} > [data-find]`);
    for (const item of items) item.hidden = !folded(item.dataset.find).includes(folded(box.value));
    say(box.dataset.left.replace("%", String(items.filter((item) => !item.hidden).length)));
  };

  // All or none of a group's boxes; without scripts the button submits the form
  const tickAll = (button) => {
    const boxes = all("input[type=checkbox]", button.closest("fieldset"));
    for (const box of boxes) box.checked = button.name === "tick";
    if (boxes.length) boxes[0].dispatchEvent(new Event("change", { bubbles: true }));
  };

  // Grids -------------------------------------------------------------
  // What is long and scrolls in itself stands where it stood, also after an act has led back to the page.
  const scrolled = (box) => `scrolled ${location.pathname} ${box.id}`;
  const keepScroll = () => {
    for (const box of all("[data-keep-scroll]")) {
      try {
        sessionStorage.setItem(scrolled(box), `${box.scrollLeft} ${box.scrollTop}`);
      } catch {
        // Then it starts at its top.
      }
    }
  };
  const restoreScroll = () => {
    for (const box of all("[data-keep-scroll]")) {
      const [left, top] = (sessionStorage.getItem(scrolled(box)) || "0 0").split(" ").map(Number);
      box.scrollTo(left, top);
    }
  };
  // A meeting stands in two rows: both light up.
  const showPair = (event) => {
    const button = event.target.closest && event.target.closest(".grid button[name=m]");
    const grid = button && button.closest(".grid");
    for (const each of all(".grid .pair")) each.classList.remove("pair");
    if (grid) for (const each of all(`button[name=m][value="${CSS.escape(button.value)}"]`, grid)) each.classList.add("pair");
  };

  // After a swap: say the count, keep focus or move it to the new heading
  const settle = (target) => {
    start(target);
    const counted = target.matches("[data-count-text]") ? target : one("[data-count-text]", target);
    if (counted) say(counted.dataset.countText);
    const heading = target.matches("[data-focus]") ? target : one("[data-focus]", target);
    if (heading && !target.contains(document.activeElement)) heading.focus();
  };

  const start = (within) => {
    for (const bar of all("[data-undo-seconds]", within)) countDown(bar);
    if (within.matches && within.matches("[data-undo-seconds]")) countDown(within);
  };

  const onClick = (event) => {
    const target = event.target;
    closeMenus(target.closest("details.menu"));
    const theme = target.closest("[data-theme-choice]");
    if (theme) chooseTheme(theme.dataset.themeChoice);
    const opener = target.closest("[data-dialog]");
    if (opener) {
      event.preventDefault();
      openDialog(opener.dataset.dialog);
    }
    const ticks = target.closest("[data-tick-all]");
    if (ticks) {
      event.preventDefault();
      tickAll(ticks);
    }
    const cell = target.closest(".grid button");
    if (cell) {
      for (const each of all(".grid [aria-current]")) each.removeAttribute("aria-current");
      cell.setAttribute("aria-current", "true");
    }
    if (target.closest("[data-dialog-close]")) target.closest("dialog").close();
    if (target.matches("dialog")) target.close();
  };
  const onChange = (event) => {
    const target = event.target;
    if (target.type === "file") checkFiles(target);
    if (target.matches("[data-picker] input[type=checkbox]")) keepChosen(target);
    if (target.matches("[data-shortcuts]")) remember("shortcuts", target.checked ? null : "off");
    if (target.matches("[data-submits]")) target.form.requestSubmit();
  };

  document.addEventListener("click", onClick);
  document.addEventListener("keydown", onKey);
  document.addEventListener("change", onChange);
  document.addEventListener("input", (event) => {
    if (event.target.matches("[data-narrows]")) narrow(event.target);
  });
  document.addEventListener("pointerover", showPair);
  document.addEventListener("focusin", showPair);
  window.addEventListener("pagehide", keepScroll);
  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = event.target.closest("form");
    if (form) markSaving(form, "saving");
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest("form");
    if (form) markSaving(form, event.detail.successful ? "saved" : "failed");
  });
  document.addEventListener("htmx:afterSettle", (event) => settle(event.target));

  showTheme();
  restoreScroll();
  showTab();
  start(document);
  for (const box of all("[data-shortcuts]")) box.checked = shortcutsOn();
})();
