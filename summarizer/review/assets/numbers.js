// A reviewer's numbers must stand in the selected words: the same as numbers.py, with its tables.
"use strict";

(() => {
  const vocabulary = Review.vocabulary;
  const ENTITY = /&(?:[A-Za-z]{2,8}|#[0-9]{1,6}|#x[0-9A-Fa-f]{1,5});/g;
  const MIDDLE_DOT = /(?<=[0-9])[\u00b7\u2219\u22c5\u2027\u30fb](?=[0-9])|(?<![0-9\p{L}\p{N}_])\u00b7(?=[0-9])/gu;
  const MONTH = new RegExp(`(?<![A-Za-z])(${vocabulary.months.join("|")})[a-z]*`, "gi");
  const SPELLED = new RegExp(`(?<![A-Za-z])(${vocabulary.spelled.join("|")})(?![A-Za-z])`, "gi");
  const ENDPOINT_CODE = new RegExp(vocabulary.endpoint_code);

  const decodeEntity = (entity) => {
    const code = entity[2] === "x" ? parseInt(entity.slice(3), 16) : parseInt(entity.slice(2), 10);
    if (entity[1] !== "#") {
      return entity;
    }
    const plain = code > 0 && code < 0xd800 ? String.fromCharCode(code) : "?";
    return plain.padEnd(entity.length);
  };

  /** Plain typography, of the same length. */
  Review.fold = (text) =>
    Array.from(text.replace(ENTITY, decodeEntity), (each) => vocabulary.folding[each] || each)
      .join("")
      .replace(MIDDLE_DOT, ".");

  const parse = (match) => Number(match[2].replaceAll(",", "")) * (match[1] ? -1 : 1);
  const tokens = (folded) => Array.from(folded.matchAll(new RegExp(vocabulary.number, "g")));

  /** Every number of a text, whole, in the order of the text. */
  Review.printedNumbers = (text) => {
    const folded = Review.fold(new Review.Characters(text).flattened());
    const found = tokens(folded).map((match) => ({
      start: match.index,
      end: match.index + match[0].length,
      value: parse(match),
    }));
    for (const match of folded.matchAll(SPELLED)) {
      const value = vocabulary.spelled.indexOf(match[1].toLowerCase());
      found.push({ start: match.index, end: match.index + match[0].length, value });
    }
    return found.sort((one, other) => one.start - other.start);
  };

  /** The numbers that stand in the spans as a whole; a sign left outside is left out. */
  Review.numbersWithin = (numbers, spans) => {
    const within = [];
    for (const number of numbers) {
      for (const { start, end } of spans) {
        if (start <= number.start && number.end <= end) {
          within.push(number);
        } else if (start === number.start + 1 && number.value < 0 && number.end <= end) {
          within.push({ start, end: number.end, value: -number.value });
        }
      }
    }
    return within;
  };

  /** Reason why a value's numbers don't stand in the selected words, or null. */
  Review.whyNotPrinted = (field, value, words, within) => {
    if (typeof value === "number") {
      const stands = within.some((number) => number.value === value);
      return stands ? null : `the number ${value} does not stand in the selected words`;
    }
    const printed = new Set(within.map((number) => Math.abs(number.value)));
    if (field === "date") {
      for (const match of words.matchAll(MONTH)) {
        printed.add(vocabulary.months.indexOf(match[1].toLowerCase()) + 1);
      }
    }
    const wanted = field === "endpoint" ? String(value).replace(ENDPOINT_CODE, "") : String(value);
    const missing = tokens(Review.fold(wanted)).find((match) => !printed.has(Number(match[2].replaceAll(",", ""))));
    return missing ? `the number ${missing[2]} does not stand in the selected words` : null;
  };

  const plain = (text) => Review.fold(text).replace(/\s+/g, " ").trim().toLowerCase();

  /** Whether a value stands in words, white space, case and typography apart. */
  Review.holdsWords = (words, value) => plain(words).includes(plain(value));
})();
