// A summary's records with addresses that no correction shifts: the same as tree.py.
"use strict";

(() => {
  const { fields, lists } = Review.vocabulary;
  const IDENTITY = {
    trial: ["name", "focus"],
    result: ["endpoint", "statistic", "value"],
    endpoint: ["endpoint", "rank"],
    event: ["agency", "action", "date"],
    truncation: ["text", "kind"],
  };
  const ANCHORS = "value value_text reached p_value ci_low text name focus endpoint action interventions/0".split(" ");

  /** Name of the last step of a pointer, and what stands before it. */
  Review.splitPointer = (pointer) => {
    const at = pointer.lastIndexOf("/");
    return [pointer.slice(0, Math.max(at, 0)), pointer.slice(at + 1)];
  };

  Review.Tree = class {
    constructor(summary) {
      this.entries = new Map();
      this.lists = {};
      for (const [name, kind] of Object.entries(lists)) {
        this.lists[name] = summary[name].map((record, at) => this.make(`/${name}/${at}`, kind, record));
      }
      this.evidence = new Map(Object.entries(summary.evidence));
    }

    make(address, kind, content) {
      const entry = { address, kind, leaf: null, leaves: {}, lists: {}, removed: false };
      this.entries.set(address, entry);
      if (!kind) {
        entry.leaf = content;
        return entry;
      }
      for (const [name, described] of Object.entries(fields[kind])) {
        const held = content[name];
        if (described.kind === "list") {
          const item = described.items in fields ? described.items : "";
          entry.lists[name] = (held || []).map((each, at) => this.make(`${address}/${name}/${at}`, item, each));
        } else {
          entry.leaves[name] = held === undefined ? null : held;
        }
      }
      return entry;
    }

    find(pointer) {
      if (this.entries.has(pointer)) {
        return { entry: this.entries.get(pointer), field: "" };
      }
      const [above, name] = Review.splitPointer(pointer);
      const entry = this.entries.get(above);
      return entry && Object.hasOwn(entry.leaves, name) ? { entry, field: name } : null;
    }

    listAt(pointer) {
      const [above, name] = Review.splitPointer(pointer);
      if (above === "") {
        return Object.hasOwn(lists, name) ? { held: this.lists[name], described: { items: lists[name] } } : null;
      }
      const entry = this.entries.get(above);
      return entry && Object.hasOwn(entry.lists, name)
        ? { held: entry.lists[name], described: fields[entry.kind][name] }
        : null;
    }

    /** The records as JSON, numbered anew, and address -> new pointer of what is left. */
    assemble() {
      const moved = new Map();
      const content = {};
      for (const [name, entries] of Object.entries(this.lists)) {
        content[name] = assembleList(entries, `/${name}`, moved);
      }
      return { content, moved };
    }
  };

  const assembleList = (entries, pointer, moved) =>
    entries
      .filter((entry) => !entry.removed)
      .map((entry, at) => {
        const own = `${pointer}/${at}`;
        moved.set(entry.address, own);
        if (!entry.kind) {
          return entry.leaf;
        }
        const record = {};
        for (const name of Object.keys(fields[entry.kind])) {
          if (name in entry.lists) {
            record[name] = assembleList(entry.lists[name], `${own}/${name}`, moved);
          } else {
            moved.set(`${entry.address}/${name}`, `${own}/${name}`);
            record[name] = entry.leaves[name];
          }
        }
        return record;
      });

  /** An entry as JSON, as it stands. */
  Review.contentOf = (entry) => {
    if (!entry.kind) {
      return entry.leaf;
    }
    const record = {};
    for (const name of Object.keys(fields[entry.kind])) {
      record[name] = name in entry.lists ? entry.lists[name].map(Review.contentOf) : entry.leaves[name];
    }
    return record;
  };

  /** What tells a record from others of its kind. */
  Review.identify = (tree, entry) => {
    const main =
      entry.kind === "arm"
        ? entry.lists.interventions.map((item) => item.leaf)
        : IDENTITY[entry.kind].map((name) => entry.leaves[name]);
    const anchor = ANCHORS.map((name) => tree.evidence.get(`${entry.address}/${name}`)).find(
      (spans) => spans && spans.length,
    );
    return [entry.kind, ...main, anchor ? anchor[0].start : null];
  };

  /** The record that an address belongs to: itself, or the one that has the field or the item. */
  Review.recordOf = (tree, address) => {
    const place = tree.find(address);
    if (place === null) {
      return null;
    }
    if (place.entry.kind) {
      return place.entry;
    }
    return tree.entries.get(Review.splitPointer(Review.splitPointer(address)[0])[0]);
  };
})();
