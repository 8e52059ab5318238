// Search over all words of all articles: files of words are loaded when somebody types their first letters.
"use strict";

(() => {
  const SHORTEST = 2;
  const LONGEST = 40;
  const shards = new Map();
  const waiting = new Map();
  let known = null;

  const shardName = (word) =>
    Array.from(word.slice(0, 2 * SHORTEST))
      .slice(0, SHORTEST)
      .map((letter) => letter.codePointAt(0).toString(16))
      .join("-");

  /** A file of words calls this: word -> numbers of articles, each less the one before. */
  Review.takeWords = (name, words) => {
    const found = new Map();
    for (const [word, gaps] of Object.entries(words)) {
      let number = 0;
      found.set(
        word,
        gaps.map((gap) => {
          number += gap;
          return number;
        }),
      );
    }
    shards.set(name, found);
  };

  const load = (name) => {
    known = known || new Set(Review.readData().words);
    if (shards.has(name) || !known.has(name)) {
      return Promise.resolve();
    }
    if (!waiting.has(name)) {
      waiting.set(
        name,
        new Promise((resolve) => {
          const script = Review.make("script", { src: `data/words/${name}.js` });
          script.addEventListener("load", resolve);
          script.addEventListener("error", resolve);
          document.head.append(script);
        }),
      );
    }
    return waiting.get(name);
  };

  /** The words of what was typed, split as the articles were. */
  Review.splitWords = (text) =>
    (
      text
        .normalize("NFKC")
        .toLowerCase()
        .match(/[\p{L}\p{N}\p{M}]+/gu) || []
    ).map((word) => word.slice(0, LONGEST));

  const holding = (word, rows) => {
    if (word.length < SHORTEST) {
      const found = new Set();
      rows.forEach((row, at) => row.words.some((each) => each.startsWith(word)) && found.add(at));
      return found;
    }
    const found = new Set();
    for (const [each, articles] of shards.get(shardName(word)) || []) {
      if (each.startsWith(word)) {
        articles.forEach((article) => found.add(article));
      }
    }
    return found;
  };

  /** Numbers of the articles that hold a word for each one typed; null where nothing was typed. */
  Review.search = async (text, rows) => {
    const words = Review.splitWords(text);
    if (!words.length) {
      return null;
    }
    await Promise.all(words.filter((word) => word.length >= SHORTEST).map((word) => load(shardName(word))));
    return words
      .map((word) => holding(word, rows))
      .reduce((one, other) => new Set([...one].filter((article) => other.has(article))));
  };
})();
