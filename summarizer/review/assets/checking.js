// Why a correction can't be applied: the same as checking.py.
"use strict";

(() => {
  const { fields, patterns } = Review.vocabulary;
  const OPERATIONS = new Set(["accept", "edit", "delete", "add", "move", "mark_truncation"]);
  const MOVABLE = /^(?:\/unattributed_results\/[^/]+|\/trials\/[^/]+\/results\/[^/]+)$/;

  /** The text of an article, with the numbers that it prints. */
  Review.Words = class {
    constructor(characters) {
      this.characters = characters;
      characters.numbers = characters.numbers || Review.printedNumbers(characters.text);
      this.numbers = characters.numbers;
    }

    whyWrong(spans) {
      if (!spans || !spans.length) {
        return "no words of the article were selected";
      }
      const isWrong = (span) => span.start >= span.end || this.characters.slice(span.start, span.end) !== span.text;
      return spans.some(isWrong) ? "the selected words do not stand there in the article" : null;
    }

    within(spans) {
      return Review.numbersWithin(this.numbers, spans);
    }
  };

  const whyOtherRecord = (correction, record, base) => {
    const given = correction.record === undefined ? null : correction.record;
    const same = given === null || Review.canonical(given) === Review.canonical(Review.identify(base, record));
    return same ? null : "another record stands there now";
  };

  const whyListUnfit = (correction, base) => {
    if (correction.operation !== "add" && correction.operation !== "mark_truncation") {
      return `${correction.operation} needs the place of a value`;
    }
    const above = correction.pointer.slice(0, -2);
    if (base.listAt(above) === null) {
      return "there is no such place in the record";
    }
    const holder = base.entries.get(Review.splitPointer(above)[0]);
    return holder ? whyOtherRecord(correction, holder, base) : null;
  };

  const whyWrongOperation = (correction, entry, name, standing) => {
    const { operation } = correction;
    if (operation === "add" && standing !== null) {
      return "there is a value already";
    }
    if (operation === "edit" && standing === null) {
      return "there is no value to edit";
    }
    if ((operation === "edit" || operation === "add") && !name && entry.kind) {
      return "a record is edited field by field";
    }
    if (operation === "edit" && entry.kind === "truncation" && name === "text") {
      return "delete the damaged passage and mark another";
    }
    if (operation === "delete" && name && fields[entry.kind][name].required) {
      return `${name} can't be empty`;
    }
    if (operation === "move" && !MOVABLE.test(correction.pointer)) {
      return "only a result can be moved";
    }
    return operation === "mark_truncation" ? "a damaged passage is added to the list of truncations" : null;
  };

  /** Reason why a correction does not fit the machine's record, or null. */
  Review.whyUnfit = (correction, base) => {
    const { pointer, operation } = correction;
    if (!OPERATIONS.has(operation)) {
      return "there is no such operation";
    }
    if (operation === "accept" && !pointer) {
      return null;
    }
    if (pointer.endsWith("/-")) {
      return whyListUnfit(correction, base);
    }
    const place = base.find(pointer);
    if (place === null) {
      return "there is no such place in the record";
    }
    const other = whyOtherRecord(correction, Review.recordOf(base, pointer), base);
    if (other !== null) {
      return other;
    }
    const standing = place.field ? place.entry.leaves[place.field] : Review.contentOf(place.entry);
    const isWhole = !place.field && Boolean(place.entry.kind);
    if (!(isWhole && operation === "accept") && Review.canonical(standing) !== Review.canonical(correction.before)) {
      return `the record says ${Review.canonical(standing)} there, not ${Review.canonical(correction.before)}`;
    }
    return whyWrongOperation(correction, place.entry, place.field, standing);
  };

  const itemOf = (described) => ({
    kind: described.items === "choice" ? "choice" : "text",
    choices: described.choices,
  });

  const whyWrongKind = (name, described, value) => {
    switch (described.kind) {
      case "integer":
        return Number.isInteger(value) ? null : `${name} is a whole number`;
      case "number":
        return typeof value === "number" && Number.isFinite(value) ? null : `${name} is a number`;
      case "constant":
        return value === described.constant ? null : `${name} can only be ${described.constant}`;
      case "choice":
        return described.choices.includes(value) ? null : `${name} is one of ${described.choices.join(", ")}`;
      default: {
        if (typeof value !== "string" || !value.trim()) {
          return `${name} needs words`;
        }
        const [pattern, advice] = patterns[name] || ["", ""];
        return new RegExp(pattern).test(value) ? null : advice;
      }
    }
  };

  const whyValueUnsupported = (name, described, value, spans, words) => {
    const wrong = whyWrongKind(name, described, value);
    if (wrong !== null || described.kind === "choice" || described.kind === "constant") {
      return wrong;
    }
    return Review.whyNotPrinted(name, value, spans.map((span) => span.text).join(" "), words.within(spans));
  };

  const whyFieldUnsupported = (name, described, held, spans, words) => {
    if (described.kind !== "list") {
      return whyValueUnsupported(name, described, held, spans, words);
    }
    if (described.items in fields) {
      return held.length ? `${name} is added on its own` : null;
    }
    const reasons = held.map((each) => whyValueUnsupported(name, itemOf(described), each, spans, words));
    return reasons.find((reason) => reason !== null) || null;
  };

  const whyRecordUnsupported = (kind, { value, spans }, words) => {
    const unknown = Object.keys(value).find((name) => !(name in fields[kind]));
    if (unknown !== undefined) {
      return `there is no field ${unknown}`;
    }
    for (const [name, described] of Object.entries(fields[kind])) {
      const held = value[name];
      const isEmpty = held === null || held === undefined;
      if (isEmpty && described.required) {
        return `${name} can't be empty`;
      }
      const reason = isEmpty ? null : whyFieldUnsupported(name, described, held, spans, words);
      if (reason !== null) {
        return reason;
      }
    }
    return kind === "truncation" && value.text !== spans[0].text ? "a damaged passage is the selected words" : null;
  };

  /** What a pointer's value has to be: the name and the description of its field. */
  Review.describePlace = (tree, pointer) => {
    if (pointer.endsWith("/-")) {
      const list = tree.listAt(pointer.slice(0, -2));
      if (list === null) {
        return null;
      }
      const isRecord = list.described.items in fields;
      return isRecord
        ? { name: "", kind: list.described.items, described: null }
        : { name: pointer.split("/").at(-2), kind: "", described: itemOf(list.described) };
    }
    const place = tree.find(pointer);
    if (place === null) {
      return null;
    }
    if (place.field) {
      return { name: place.field, kind: "", described: fields[place.entry.kind][place.field] };
    }
    if (place.entry.kind) {
      return { name: "", kind: place.entry.kind, described: null };
    }
    const name = pointer.split("/").at(-2);
    return { name, kind: "", described: itemOf(fields[Review.recordOf(tree, pointer).kind][name]) };
  };

  /** Reason why a correction's new value can't enter the record, or null. */
  Review.whyUnsupported = (correction, base, words) => {
    if (!["add", "edit", "mark_truncation"].includes(correction.operation)) {
      return null;
    }
    const wrong = words.whyWrong(correction.spans);
    if (wrong !== null) {
      return wrong;
    }
    const place = Review.describePlace(base, correction.pointer);
    if (place === null) {
      return "there is no such place in the record";
    }
    if (place.kind) {
      const isRecord = correction.value !== null && typeof correction.value === "object";
      return isRecord ? whyRecordUnsupported(place.kind, correction, words) : "a record is wanted";
    }
    return whyValueUnsupported(place.name, place.described, correction.value, correction.spans, words);
  };
})();
