// The panel of the chosen value: what it rests on, what is said about it, what can be done with it.
"use strict";

(() => {
  const { make, wording } = Review;
  const QUOTED = 160;

  const quote = (span) => {
    const text = Review.showLine(span.text);
    return text.length > QUOTED ? `${text.slice(0, QUOTED)} …` : text;
  };

  const evidence = (spans, hasText) => {
    if (!spans.length) {
      return make("p.hint", {}, "No words of the article are given for it.");
    }
    const rule = spans[0].rule ? ` (${Review.showLine(spans[0].rule)})` : "";
    return [
      make(
        "p.quotes",
        {},
        [...new Set(spans.map(quote))].map((each) => make("q", {}, each)),
      ),
      make("p.hint", {}, `${wording.support(spans[0].support)}${rule}${hasText ? "" : " The text is not shown."}`),
    ];
  };

  const action = (key, label, run) =>
    make(
      "button.action",
      { type: "button", click: run, "aria-keyshortcuts": key },
      label,
      make("kbd", { "aria-hidden": "true" }, key),
    );

  Review.Inspector = class {
    constructor(actions) {
      this.actions = actions;
      this.element = make("aside.inspector", { "aria-label": "Chosen value", hidden: true });
    }

    hide() {
      this.element.hidden = true;
    }

    show(state) {
      const { result, summary, selected, together } = state;
      const { tree } = result;
      const place = tree.find(selected);
      this.element.hidden = place === null;
      if (place === null) {
        return;
      }
      const isRecord = !place.field && Boolean(place.entry.kind);
      const value = place.field ? place.entry.leaves[place.field] : place.entry.leaf;
      const flags = summary.flags.filter((each) => each.pointer === selected);
      const [, name] = Review.splitPointer(place.field ? selected : Review.splitPointer(selected)[0]);
      this.element.replaceChildren(
        make(
          "div.inspector-head",
          {},
          make("span.path", {}, wording.pointer(tree, selected)),
          this.state(state),
          make("button.close", { type: "button", "aria-label": "Close", click: () => this.actions.pick(null) }, "×"),
        ),
        isRecord
          ? ""
          : make(
              "p.chosen",
              {},
              value === null ? "deleted" : this.actions.values.printed(selected, value) || wording.value(name, value),
            ),
        ...[isRecord ? [] : evidence(tree.evidence.get(selected) || [], state.hasText)].flat(),
        ...flags.map((flag) =>
          make(
            "p.flag",
            { "data-severity": flag.severity },
            Review.showLine(flag.message),
            " ",
            wording.flag(flag.code),
          ),
        ),
        this.others(tree, selected, together),
        this.buttons(place, state),
      );
    }

    state({ result, selected }) {
      const last = [...result.applied].reverse().find((each) => each.pointer === selected);
      const name = this.actions.values.state(selected);
      if (!name) {
        return null;
      }
      const by = last ? ` by ${Review.showLine(last.reviewer)}` : "";
      return make("span.state", { "data-state": name }, wording.state(name) + by);
    }

    /** What else rests on the same words. */
    others(tree, selected, together) {
      if (together.length < 2) {
        return "";
      }
      return make(
        "p.others",
        {},
        "These words also hold: ",
        together
          .filter((each) => each !== selected)
          .slice(0, 8)
          .map((each) =>
            make(
              "button.link",
              { type: "button", click: () => this.actions.pick(each, together) },
              wording.pointer(tree, each),
            ),
          ),
      );
    }

    buttons(place, state) {
      const { actions } = this;
      const isRecord = !place.field && Boolean(place.entry.kind);
      const canEdit = !isRecord && state.hasText && !(place.entry.kind === "truncation" && place.field === "text");
      const canMove = (isRecord ? place.entry : Review.recordOf(state.result.tree, state.selected)).kind === "result";
      return make(
        "div.actions",
        {},
        action("a", "Accept", actions.accept),
        canEdit ? action("e", "Edit", actions.edit) : null,
        action("d", "Delete", actions.remove),
        canMove ? action("m", "Move", actions.move) : null,
      );
    }
  };
})();
