// Where corrections are kept: in the browser, and with `summarizer review --serve` in OUT/corrections.jsonl.
"use strict";

(() => {
  const PREFIX = "summarizer-review";
  const REVIEWER = `${PREFIX}:reviewer`;
  const isServed = window.location.protocol.startsWith("http");

  const read = (key) => {
    try {
      return window.localStorage.getItem(key);
    } catch {
      return null; // a browser may forbid it; then nothing outlives the page
    }
  };

  const write = (key, value) => {
    try {
      window.localStorage.setItem(key, value);
      return true;
    } catch {
      return false;
    }
  };

  const keyOf = (review, article) => `${PREFIX}:${review}:${article}`;

  const parse = (text) => {
    try {
      const found = JSON.parse(text || "[]");
      return Array.isArray(found) ? found : [];
    } catch {
      return [];
    }
  };

  Review.reviewer = () => read(REVIEWER) || "";
  Review.setReviewer = (name) => write(REVIEWER, name);

  /** The corrections of this browser, by article. */
  Review.localCorrections = (review) => {
    const found = new Map();
    try {
      for (const key of Object.keys(window.localStorage)) {
        const [prefix, own, article] = key.split(":");
        if (prefix === PREFIX && own === review && article) {
          found.set(article, parse(read(key)));
        }
      }
    } catch {
      return found;
    }
    return found;
  };

  /** Take in corrections from a file; says how many are new. */
  Review.takeIn = (review, corrections) => {
    let added = 0;
    for (const each of corrections) {
      const key = keyOf(review, each.article);
      const known = parse(read(key));
      if (!known.some((other) => other.id === each.id)) {
        write(key, JSON.stringify([...known, each]));
        added += 1;
      }
    }
    return added;
  };

  /** The lines of a file of corrections, and how many of them are none. */
  Review.parseLines = (text) => {
    const corrections = [];
    let wrong = 0;
    for (const line of text.split("\n").filter((each) => each.trim())) {
      try {
        const each = JSON.parse(line);
        const isOne = ["id", "article", "reviewer", "operation", "pointer"].every(
          (name) => typeof each[name] === "string",
        );
        (isOne ? corrections : []).push(each);
        wrong += isOne ? 0 : 1;
      } catch {
        wrong += 1;
      }
    }
    return { corrections, wrong };
  };

  /** A file of corrections, in ASCII, so that nothing in it can hide. */
  Review.asLines = (corrections) =>
    corrections
      .map((each) =>
        JSON.stringify(each).replace(
          /[\u007f-\uffff]/g,
          (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
        ),
      )
      .map((line) => `${line}\n`)
      .join("");

  /** What the server holds, by article; null where there is none. */
  Review.savedReviews = async () => {
    if (!isServed) {
      return null;
    }
    try {
      const answer = await fetch("/corrections", { credentials: "same-origin" });
      return answer.ok ? await answer.json() : null;
    } catch {
      return null;
    }
  };

  Review.newId = () => {
    const parts = window.crypto.getRandomValues(new Uint32Array(4));
    return `c${Array.from(parts, (part) => part.toString(16).padStart(8, "0")).join("")}`;
  };

  /** The corrections of one article: those saved before, those of the server, those of this browser. */
  Review.Store = class {
    constructor(data) {
      this.key = keyOf(data.review, data.summary.source.sha256);
      this.article = data.summary.source.sha256;
      this.saved = data.saved;
      this.own = parse(read(this.key));
      this.isKept = true;
      this.isRemote = false;
    }

    /** Ask the server, where there is one; gives whether it answered. */
    async connect() {
      if (!isServed) {
        return false;
      }
      try {
        const answer = await fetch(`/corrections?article=${this.article}`, { credentials: "same-origin" });
        if (answer.ok) {
          this.saved = await answer.json();
          this.isRemote = true;
          // What could not be sent the last time goes now.
          await Promise.all([...this.own].map((each) => this.send(each)));
        }
      } catch {
        this.isRemote = false;
      }
      return this.isRemote;
    }

    all() {
      const known = new Map();
      [...this.saved, ...this.own].forEach((each) => known.has(each.id) || known.set(each.id, each));
      return [...known.values()];
    }

    async add(correction) {
      this.own.push(correction);
      this.isKept = write(this.key, JSON.stringify(this.own));
      return this.isRemote ? this.send(correction) : this.isKept;
    }

    async send(correction) {
      try {
        const answer = await fetch("/corrections", {
          method: "POST",
          headers: { "Content-Type": "application/json" },
          credentials: "same-origin",
          body: JSON.stringify(correction),
        });
        if (!answer.ok) {
          return false;
        }
        this.saved.push(correction);
        this.drop(correction.id);
        return true;
      } catch {
        return false;
      }
    }

    /** Forget a correction that never left this browser; false where it did. */
    drop(id) {
      const had = this.own.length;
      this.own = this.own.filter((each) => each.id !== id);
      write(this.key, JSON.stringify(this.own));
      return this.own.length < had;
    }
  };
})();
