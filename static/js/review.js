// A review by keyboard, and words that outlive a lost connection. Without this every field works and "Save" saves.
(() => {
  const form = document.querySelector("[data-review]");
  if (!form) return;
  const criteria = [...form.querySelectorAll("[data-criterion]")];
  const kept = `review ${location.pathname}`;
  const storage = {
    get: () => {
      try {
        return JSON.parse(localStorage.getItem(kept) || "null");
      } catch {
        return null;
      }
    },
    set: (value) => {
      try {
        if (value === null) localStorage.removeItem(kept);
        else localStorage.setItem(kept, JSON.stringify(value));
      } catch {
        // Storage may be switched off: then the page warns before it is left.
      }
    },
  };
  const isOwn = (name) => name === "sum" || name.startsWith("score-") || name.startsWith("why-");
  const fields = () => Object.fromEntries([...new FormData(form)].filter(([name]) => isOwn(name)));

  // What is not saved stays on this device until it is
  let typed = 0;
  let sent = 0;
  let saved = 0;
  let again = null;
  const touch = () => {
    typed += 1;
    storage.set(fields());
  };
  const tryAgain = () => {
    clearTimeout(again);
    again = setTimeout(() => form.dispatchEvent(new Event("save-again")), 5000);
  };
  form.addEventListener("input", touch);
  form.addEventListener("change", touch);
  form.addEventListener("htmx:beforeRequest", () => {
    clearTimeout(again);
    sent = typed;
  });
  // Refused for good: the role or the assignment has ended, or somebody is signed out
  let stopped = false;
  const sayStopped = () => {
    const sign = form.querySelector("[data-autosave-status]");
    const status = document.querySelector("#status");
    if (sign) sign.textContent = form.dataset.stopped;
    if (status) status.textContent = form.dataset.stopped;
  };
  form.addEventListener("htmx:beforeRequest", (event) => {
    if (!stopped) return;
    event.preventDefault();
    setTimeout(sayStopped);
  });
  form.addEventListener("htmx:afterRequest", (event) => {
    if ([401, 403, 404].includes(event.detail.xhr.status)) {
      stopped = true;
      setTimeout(sayStopped);
      return;
    }
    if (!event.detail.successful || form.querySelector(".autosave.failed")) {
      tryAgain();
      return;
    }
    saved = sent;
    if (saved === typed) storage.set(null);
  });
  form.addEventListener("submit", (event) => {
    if (stopped) {
      event.preventDefault();
      sayStopped();
      return;
    }
    saved = typed;
  });
  window.addEventListener("beforeunload", (event) => {
    if (saved !== typed) event.preventDefault();
  });

  const restore = () => {
    const words = storage.get();
    const now = fields();
    if (!words || Object.keys(words).every((name) => (now[name] || "") === words[name])) return storage.set(null);
    for (const [name, value] of Object.entries(words)) {
      for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
        if (field.type === "radio") field.checked = field.value === value;
        else field.value = value;
      }
    }
    const status = document.querySelector("#status");
    if (status) status.textContent = form.dataset.restored;
    typed += 1;
    setTimeout(() => form.dispatchEvent(new Event("save-again")), 300);
    return undefined;
  };

  // Keys: the criterion that has focus, or was last looked at
  let at = -1;
  const show = (index, focus) => {
    at = Math.min(Math.max(index, 0), criteria.length - 1);
    for (const each of criteria) each.classList.toggle("current", each === criteria[at]);
    if (focus) {
      criteria[at].focus({ preventScroll: true });
      criteria[at].scrollIntoView({ block: "nearest" });
    }
  };
  const isOn = () => {
    try {
      return localStorage.getItem("shortcuts") !== "off";
    } catch {
      return true;
    }
  };
  const isWriting = (target) => target.matches("textarea, select, input:not([type=radio])");
  const score = (key) => {
    const choice = criteria[Math.max(at, 0)].querySelector(`input[type=radio][value="${key}"]`);
    if (!choice) return false;
    show(Math.max(at, 0), false);
    choice.checked = true;
    choice.dispatchEvent(new Event("change", { bubbles: true }));
    return true;
  };
  const press = (key) => {
    if (key === "j" || key === "k") {
      show(at + (key === "j" ? 1 : -1), true);
      return true;
    }
    if (key === "w" && at >= 0) {
      criteria[at].querySelector("textarea").focus();
      return true;
    }
    return /^[0-9]$/.test(key) && criteria.length > 0 && score(key);
  };
  form.addEventListener("focusin", (event) => {
    const index = criteria.indexOf(event.target.closest("[data-criterion]"));
    if (index >= 0) show(index, false);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target.matches("[data-criterion] textarea")) {
      show(at, true);
      return;
    }
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing;
    if (!plain || !criteria.length || isWriting(event.target) || document.querySelector("dialog[open]") || !isOn()) return;
    if (press(event.key)) event.preventDefault();
  });
  restore();
})();
