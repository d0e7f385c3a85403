// Questions of a form that hang on other answers of it: shown and hidden as one answers. The server decides by the same
// trees (crm.fields.answers); what a tree says that is not known here leaves the question shown.
//   [data-questions]  around them   [data-question=key] with data-type, and data-shown-when: the condition as JSON
(() => {
  const NAME = "custom_";
  const fold = (text) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

  /** The stored form of an answer; null for none, as for a question that is not shown. */
  function answer(box) {
    if (box.hidden) return null;
    const fields = [...box.querySelectorAll(`[name="${NAME}${box.dataset.question}"]`)];
    const values = fields.filter((field) => !/^(radio|checkbox)$/.test(field.type) || field.checked)
      .map((field) => field.value).filter(Boolean);
    if (box.dataset.type === "many_choice") return values;
    if (!values.length) return null;
    if (box.dataset.type === "boolean") return values[0].toLowerCase() === "true";
    if (box.dataset.type === "number") return Number.isNaN(Number(values[0])) ? null : Number(values[0]);
    return values[0].trim() || null;
  }

  const same = (a, b) => (typeof a === "string" ? fold(a) === fold(String(b)) : String(a) === String(b));
  const among = (a, list) => (Array.isArray(a) ? a.some((one) => list.includes(one)) : a !== null && list.includes(a));
  const blank = (a) => a === null || a.length === 0;
  const has = (a) => a !== null;
  const COMPARE = {
    is: (a, b) => has(a) && same(a, b),
    is_not: (a, b) => !(has(a) && same(a, b)),
    any_of: among,
    none_of: (a, list) => !among(a, list),
    all_of: (a, list) => list.every((one) => a.includes(one)),
    contains: (a, b) => has(a) && fold(a).includes(fold(b)),
    not_contains: (a, b) => !(has(a) && fold(a).includes(fold(b))),
    starts_with: (a, b) => has(a) && fold(a).startsWith(fold(b)),
    is_empty: blank,
    is_not_empty: (a) => !blank(a),
    at_least: (a, b) => has(a) && a >= Number(b),
    at_most: (a, b) => has(a) && a <= Number(b),
    more_than: (a, b) => has(a) && a > Number(b),
    less_than: (a, b) => has(a) && a < Number(b),
    before: (a, b) => has(a) && a < b,
    after: (a, b) => has(a) && a > b,
  };

  /** true, false, or undefined where this script cannot tell. */
  function holds(node, answers) {
    if (node.all) return node.all.map((each) => holds(each, answers)).reduce(both, true);
    if (node.any) return node.any.map((each) => holds(each, answers)).reduce(either, false);
    if (node.not) { const found = holds(node.not, answers); return found === undefined ? found : !found; }
    const key = (node.field ?? "").replace(/^answers\./, "");
    return answers.has(key) && COMPARE[node.op] ? COMPARE[node.op](answers.get(key), node.value) : undefined;
  }
  const both = (a, b) => (a === false || b === false ? false : a && b);
  const either = (a, b) => (a === true || b === true ? true : (a === undefined ? a : b));

  function refresh(set) {
    const answers = new Map();
    set.querySelectorAll("[data-fixed]").forEach((fact) => answers.set(fact.dataset.fixed, fact.value || null));
    set.querySelectorAll("[data-question]").forEach((box) => {
      if (box.dataset.shownWhen) {
        const isHidden = holds(JSON.parse(box.dataset.shownWhen), answers) === false;
        box.hidden = isHidden;
        box.querySelectorAll("input, select, textarea").forEach((field) => { field.disabled = isHidden; });
      }
      answers.set(box.dataset.question, answer(box));
    });
  }

  ["change", "input"].forEach((type) => app.on(type, "[data-questions]", (event, set) => refresh(set)));
  app.onLoad((root) => {
    const sets = [...root.querySelectorAll?.("[data-questions]") ?? []];
    if (root.matches?.("[data-questions]")) sets.push(root);
    sets.forEach(refresh);
  });
})();
