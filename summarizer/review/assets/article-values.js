// One value of a record: a button that shows where it was read, and how it stands with it.
"use strict";

(() => {
  /** Address -> what reviewers did to it: "accepted", "edited", "added", "deleted", "moved", "conflict". */
  Review.statesOf = (result) => {
    const states = new Map();
    const names = { accept: "accepted", edit: "edited", delete: "deleted", move: "moved", add: "added" };
    for (const each of result.applied) {
      if (each.pointer.endsWith("/-")) {
        states.set(`${each.pointer.slice(0, -2)}/${each.id}`, "added");
      } else {
        states.set(each.pointer, names[each.operation]);
      }
    }
    result.conflicts.forEach((each) => each.sides.forEach((side) => states.set(side.pointer, "conflict")));
    return states;
  };

  Review.ValueMaker = class {
    /**
     * @param {Object} result What the corrections came to.
     * @param {Object[]} flags Flags of the summary.
     * @param {function(string): void} onPick Told of the address of the value that was picked.
     */
    constructor(result, flags, onPick) {
      this.tree = result.tree;
      this.states = Review.statesOf(result);
      this.flagged = new Map(flags.map((flag) => [flag.pointer, flag]));
      this.onPick = onPick;
    }

    /** How it stands with a value: by itself, or by the record that it is in. */
    state(address) {
      if (this.states.has(address)) {
        return this.states.get(address);
      }
      for (let above = address; above;) {
        [above] = Review.splitPointer(above);
        const state = this.states.get(above);
        if (state === "accepted" || state === "deleted" || state === "added") {
          return state;
        }
      }
      return "";
    }

    /** A value, or nothing where it is empty. */
    make(address, name, value, shown) {
      if (value === null || value === undefined) {
        return this.states.get(address) === "deleted" ? this.deleted(address, name) : null;
      }
      const state = this.state(address);
      const flag = this.flagged.get(address);
      const text = shown === undefined ? this.printed(address, value) || Review.wording.value(name, value) : shown;
      const label = [
        Review.wording.label(name),
        text,
        state && Review.wording.state(state),
        flag && `flagged: ${Review.showLine(flag.message)}`,
      ];
      const button = Review.make(
        "button.value",
        {
          type: "button",
          "data-address": address,
          "data-state": state || null,
          "data-flag": flag ? flag.severity : null,
          "aria-label": label.filter(Boolean).join(", "),
          click: () => this.onPick(address),
        },
        text,
      );
      return button;
    }

    /** A number with the digits that the article prints: 0.50, not 0.5. */
    printed(address, value) {
      const spans = typeof value === "number" ? this.tree.evidence.get(address) || [] : [];
      const found = spans.map((span) => Review.fold(span.text).trim()).find((text) => Number(text) === value);
      return found && /^[0-9]+(\.[0-9]+)?$/.test(found) ? found : null;
    }

    deleted(address, name) {
      return Review.make(
        "button.value",
        {
          type: "button",
          "data-address": address,
          "data-state": "deleted",
          "aria-label": `${Review.wording.label(name)}, deleted`,
          click: () => this.onPick(address),
        },
        "deleted",
      );
    }

    /** The field of a record. */
    field(entry, name, shown) {
      return this.make(`${entry.address}/${name}`, name, entry.leaves[name], shown);
    }

    /** The items of a list. */
    items(entry, name) {
      return entry.lists[name].map((item) => this.make(item.address, name, item.leaf));
    }
  };
})();
