// Several corrections of one article, put together: the same as settling.py.
"use strict";

(() => {
  const sorted = (value) => {
    if (Array.isArray(value)) {
      return value.map(sorted);
    }
    if (value !== null && typeof value === "object") {
      return Object.fromEntries(
        Object.keys(value)
          .sort()
          .map((name) => [name, sorted(value[name])]),
      );
    }
    return value === undefined ? null : value;
  };

  /** One text for equal values. */
  Review.canonical = (value) => JSON.stringify(sorted(value));

  const dropWithdrawn = (corrections) => {
    const withdrawn = new Set(
      corrections.filter((each) => each.operation === "withdraw").map((each) => each.withdraws),
    );
    return corrections.filter((each) => each.operation !== "withdraw" && !withdrawn.has(each.id));
  };

  const rename = (pointer, twins) =>
    pointer
      .split("/")
      .map((part) => twins.get(part) || part)
      .join("/");

  const joinTwins = (corrections, agreeing) => {
    const first = new Map();
    const twins = new Map();
    const kept = [];
    for (const each of corrections) {
      const named = { ...each, pointer: rename(each.pointer, twins) };
      if (each.operation === "move") {
        named.value = rename(String(each.value), twins);
      }
      if (named.pointer.endsWith("/-")) {
        const key = `${named.pointer} ${Review.canonical(named.value)}`;
        if (first.has(key)) {
          twins.set(named.id, first.get(key));
          agreeing.push(each);
          continue;
        }
        first.set(key, named.id);
      }
      kept.push(named);
    }
    return kept;
  };

  /** What a correction decides; null where it adds to a list. */
  Review.slotOf = (correction) =>
    correction.pointer.endsWith("/-") ? null : correction.pointer + (correction.operation === "move" ? "#place" : "");

  const outcomeOf = (correction) => {
    if (correction.operation === "accept") {
      return Review.canonical(correction.before);
    }
    return Review.canonical(correction.operation === "delete" ? null : correction.value);
  };

  const keepLastWords = (corrections) => {
    const key = (each) => JSON.stringify([each.reviewer, Review.slotOf(each)]);
    const last = new Map(corrections.map((each) => [key(each), each.id]));
    return corrections.filter((each) => Review.slotOf(each) === null || last.get(key(each)) === each.id);
  };

  const overrules = (upper, lower, own) => {
    if (lower.pointer !== upper.pointer && !lower.pointer.startsWith(`${upper.pointer}/`)) {
      return false;
    }
    if (upper.operation === "delete") {
      return true;
    }
    const slot = Review.slotOf(lower);
    if (upper.operation !== "accept" || lower.operation === "accept" || slot === null) {
      return false;
    }
    return !own.has(JSON.stringify([upper.reviewer, slot]));
  };

  const contradict = (first, second, own) => {
    const slot = Review.slotOf(first);
    if (slot !== null && slot === Review.slotOf(second)) {
      return outcomeOf(first) !== outcomeOf(second);
    }
    return overrules(first, second, own) || overrules(second, first, own);
  };

  const findConflicts = (corrections) => {
    const own = new Set(corrections.map((each) => JSON.stringify([each.reviewer, Review.slotOf(each)])));
    const groupOf = new Map();
    corrections.forEach((first, at) => {
      for (let other = at + 1; other < corrections.length; other += 1) {
        const second = corrections[other];
        if (first.reviewer !== second.reviewer && contradict(first, second, own)) {
          const joined = new Set([...(groupOf.get(at) || [at]), ...(groupOf.get(other) || [other])]);
          joined.forEach((member) => groupOf.set(member, joined));
        }
      }
    });
    const found = [];
    corrections.forEach((each, at) => {
      const members = groupOf.get(at);
      if (members && Math.min(...members) === at) {
        found.push([...members].sort((one, two) => one - two).map((member) => corrections[member]));
      }
    });
    return found;
  };

  /** What a list of corrections comes down to: what is to be applied, and what contradicts. */
  Review.settle = (corrections) => {
    const agreeing = [];
    const counting = keepLastWords(joinTwins(dropWithdrawn(corrections), agreeing));
    const conflicts = findConflicts(counting).map((sides) => ({
      pointer: sides.map((each) => each.pointer).reduce((one, two) => (two.length < one.length ? two : one)),
      sides,
    }));
    const conflicting = new Set(conflicts.flatMap((each) => each.sides.map((side) => side.id)));
    const said = new Set();
    const active = counting.filter((each) => {
      if (conflicting.has(each.id)) {
        return false;
      }
      const slot = Review.slotOf(each);
      const key = `${slot} ${outcomeOf(each)}`;
      if (slot !== null && said.has(key)) {
        agreeing.push(each);
        return false;
      }
      said.add(slot === null ? null : key);
      return true;
    });
    return { active, conflicts, agreeing };
  };
})();
