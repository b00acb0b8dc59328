// Fields that save themselves. What is typed stays on this device until the server has it; without this the form's
// button saves. Every field says on which state it was typed: the server keeps aside what was typed over newer words.
(() => {
  const PAUSE = 900;
  const LONGEST_WAIT = 30000;
  const TIMEOUT = 15000;
  const page = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const states = new WeakMap();
  const boxes = () => [...document.querySelectorAll("[data-save-url]")];

  const keep = (box, draft) => {
    try {
      const name = `draft ${box.dataset.saveUrl}`;
      if (draft) localStorage.setItem(name, JSON.stringify(draft));
      else localStorage.removeItem(name);
    } catch {
      // Storage may be full or switched off: the page itself still holds the words.
    }
  };
  const kept = (box) => {
    try {
      return JSON.parse(localStorage.getItem(`draft ${box.dataset.saveUrl}`));
    } catch {
      return null;
    }
  };

  const controls = (box) => [...box.querySelectorAll(`[name="${CSS.escape(box.dataset.field)}"]`)];
  const revision = (box) => box.querySelector("[data-revision]");
  const many = (box) => controls(box).some((each) => each.type === "checkbox");
  const valueOf = (box) => {
    const found = controls(box);
    if (found.some((each) => ["checkbox", "radio"].includes(each.type))) {
      const ticked = found.filter((each) => each.checked).map((each) => each.value);
      return many(box) ? ticked : ticked[0] || "";
    }
    return found.length ? found[0].value : "";
  };
  const show = (box, value) => {
    for (const each of controls(box)) {
      if (["checkbox", "radio"].includes(each.type)) each.checked = [].concat(value).includes(each.value);
      else each.value = value;
    }
    count(box);
  };
  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

  const words = (box) => box.closest("form").querySelector("[data-words]").dataset;
  const say = (box, text, failed = false) => {
    const sign = box.querySelector("[data-save-status]");
    if (sign.textContent === text) return;
    sign.textContent = text;
    sign.parentElement.classList.toggle("failed", failed);
  };
  const clock = (iso) => new Date(iso || Date.now()).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const count = (box) => {
    const sign = box.querySelector("[data-word-count]");
    if (!sign) return;
    const number = valueOf(box).split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
    sign.textContent = sign.dataset.wordsOf.replace("%", String(number)).replace("#", box.dataset.mostWords);
    sign.classList.toggle("over", number > Number(box.dataset.mostWords));
  };

  const stateOf = (box) => {
    if (!states.has(box)) states.set(box, { sending: false, again: false, failures: 0, timer: 0, dirty: false, page });
    return states.get(box);
  };
  const later = (box, wait) => {
    const state = stateOf(box);
    clearTimeout(state.timer);
    state.timer = setTimeout(() => send(box), wait);
  };
  const touch = (box) => {
    const state = stateOf(box);
    state.dirty = true;
    state.refused = false;
    count(box);
    keep(box, { value: valueOf(box), based: revision(box).value, page: state.page, at: Date.now() });
    if (state.sending) state.again = true;
    else later(box, PAUSE);
  };

  const body = (box, value, based, from) => {
    const data = new URLSearchParams();
    for (const each of [].concat(value)) data.append("value", each);
    data.set("revision", based);
    data.set("page", from);
    return data;
  };
  const token = (box) => {
    const cookie = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
    return cookie ? cookie[1] : box.closest("form").querySelector("[name=csrfmiddlewaretoken]").value;
  };
  const post = async (box, data) => {
    const answer = await fetch(box.dataset.saveUrl, {
      method: "POST",
      body: data,
      headers: { "X-CSRFToken": token(box) },
      credentials: "same-origin",
      keepalive: data.toString().length < 60000,
      signal: AbortSignal.timeout(TIMEOUT),
    });
    const isOurs = (answer.headers.get("content-type") || "").startsWith("application/json");
    if (!isOurs) throw new Error(answer.redirected || answer.status === 403 ? "signedOut" : "retry");
    return answer.json();
  };

  const settle = (box, answer, sent) => {
    const state = stateOf(box);
    if (answer.state === "refused") {
      state.refused = true;
      say(box, `${answer.message} ${words(box).refused}`, true);
      return;
    }
    const problem = box.querySelector("[data-problem]");
    if (problem) problem.textContent = answer.problem || "";
    if (answer.state === "aside") {
      box.querySelector("[data-asides]").innerHTML = answer.asides;
      say(box, words(box).aside, true);
    } else {
      revision(box).value = answer.revision;
      say(box, words(box).saved.replace("%", clock(answer.at)));
    }
    // What is still missing is another now: its list beside the page asks for itself anew.
    document.body.dispatchEvent(new Event("autosaved"));
    if (same(valueOf(box), sent)) {
      state.dirty = false;
      keep(box, null);
    } else if (state.dirty) {
      keep(box, { value: valueOf(box), based: revision(box).value, page: state.page, at: Date.now() });
    }
  };

  const failed = (box, error) => {
    const state = stateOf(box);
    state.failures += 1;
    say(box, error.message === "signedOut" ? words(box).signedOut : words(box).retry, true);
    later(box, Math.min(1000 * 2 ** state.failures, LONGEST_WAIT));
  };

  const send = async (box) => {
    const state = stateOf(box);
    if (state.sending || !state.dirty || state.refused) return;
    const sent = valueOf(box);
    state.sending = true;
    state.again = false;
    clearTimeout(state.timer);
    if (!state.failures) say(box, words(box).saving);
    try {
      settle(box, await post(box, body(box, sent, revision(box).value, state.page)), sent);
      state.failures = 0;
    } catch (error) {
      failed(box, error);
    } finally {
      state.sending = false;
    }
    if (state.again && !state.failures) later(box, PAUSE);
  };

  // What a killed server, a closed laptop or a lost connection has left on this device.
  const restore = async (box) => {
    const draft = kept(box);
    if (!draft) return;
    if (same(draft.value, valueOf(box))) {
      keep(box, null);
      return;
    }
    const state = stateOf(box);
    if (draft.based === revision(box).value) {
      show(box, draft.value);
      state.dirty = true;
      say(box, words(box).restored);
      await send(box);
      return;
    }
    try {
      const answer = await post(box, body(box, draft.value, draft.based, draft.page));
      if (answer.state === "saved" && same(answer.value, draft.value)) show(box, draft.value);
      settle(box, answer, answer.state === "refused" ? null : valueOf(box));
    } catch (error) {
      say(box, words(box).retry, true);
      setTimeout(() => restore(box), LONGEST_WAIT / 6);
    }
  };

  const flush = () => {
    for (const box of boxes()) if (stateOf(box).dirty) send(box);
  };
  const onTyped = (event) => {
    const box = event.target.closest && event.target.closest("[data-save-url]");
    if (box && event.target.name === box.dataset.field) touch(box);
  };

  document.addEventListener("input", onTyped);
  document.addEventListener("change", onTyped);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") flush();
  });
  window.addEventListener("online", () => {
    for (const box of boxes()) stateOf(box).failures = 0;
    flush();
  });
  window.addEventListener("beforeunload", (event) => {
    if (boxes().some((box) => stateOf(box).dirty && !stateOf(box).leaving)) event.preventDefault();
  });
  document.addEventListener("submit", (event) => {
    for (const box of event.target.querySelectorAll("[data-save-url]")) {
      clearTimeout(stateOf(box).timer);
      stateOf(box).leaving = true;
    }
  });
  // Forms that a button saves: leaving asks first while something that was typed is not sent.
  for (const form of document.querySelectorAll("form[data-unsaved]")) {
    let isTyped = form.dataset.unsaved === "typed";
    form.addEventListener("input", () => { isTyped = true; });
    form.addEventListener("submit", () => { isTyped = false; });
    window.addEventListener("beforeunload", (event) => { if (isTyped) event.preventDefault(); });
  }
  for (const input of document.querySelectorAll("[data-page]")) input.value = page;
  for (const box of boxes()) {
    count(box);
    restore(box);
  }
})();
