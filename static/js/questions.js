// Shows a question only when its condition holds. Without this every question stands there and says when it counts.
(() => {
  const said = (form, names) => {
    const data = new FormData(form);
    return names.flatMap((name) => data.getAll(name)).filter((value) => value.trim());
  };
  const show = (form) => {
    const unasked = new Set();
    for (const question of form.querySelectorAll("[data-shown-when]")) {
      const when = JSON.parse(question.dataset.shownWhen);
      const met = when.conditions.map(({ names, values }) => {
        const given = said(form, names.filter((name) => !unasked.has(name)));
        return values.length ? given.some((value) => values.includes(value)) : given.length > 0;
      });
      question.hidden = !(when.any ? met.some(Boolean) : met.every(Boolean));
      for (const control of question.querySelectorAll("[name]")) if (question.hidden) unasked.add(control.name);
      for (const hint of question.querySelectorAll("[data-when-hint]")) hint.hidden = true;
    }
  };
  const showAll = () => {
    for (const form of new Set([...document.querySelectorAll("[data-shown-when]")].map((each) => each.closest("form")))) {
      if (form) show(form);
    }
  };
  document.addEventListener("change", showAll);
  document.addEventListener("input", showAll);
  document.addEventListener("htmx:afterSettle", showAll);
  showAll();
})();
