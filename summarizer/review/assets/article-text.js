// The text of the article, cut where the highlighting changes; and from a selection back to offsets.
"use strict";

(() => {
  /** Where the text is cut, and what rests on each piece. */
  const cutSegments = (length, spans) => {
    const edges = new Set([0, length]);
    spans.forEach(({ start, end }) => edges.add(start).add(end));
    const places = [...edges].filter((place) => place <= length).sort((one, other) => one - other);
    const segments = places.slice(0, -1).map((start, at) => ({ start, end: places[at + 1], spans: [] }));
    const segmentAt = new Map(segments.map((segment, at) => [segment.start, at]));
    for (const span of spans) {
      for (let at = segmentAt.get(span.start); at < segments.length && segments[at].start < span.end; at += 1) {
        segments[at].spans.push(span);
      }
    }
    return segments;
  };

  const collectSpans = (tree, length) => {
    const found = [];
    for (const [address, spans] of tree.evidence) {
      if (isGone(tree, address)) {
        continue;
      }
      for (const { start, end } of spans) {
        if (start < end && end <= length) {
          found.push({ start, end, address });
        }
      }
    }
    return found;
  };

  const isGone = (tree, address) => {
    for (let above = address; above; [above] = Review.splitPointer(above)) {
      const entry = tree.entries.get(above);
      if (entry && entry.removed) {
        return true;
      }
    }
    return false;
  };

  const classesOf = (spans) => {
    const classes = [];
    const addresses = spans.map((span) => span.address);
    if (addresses.some((each) => each.startsWith("/trials"))) {
      classes.push("is-evidence");
    }
    if (addresses.some((each) => each.startsWith("/unattributed_results"))) {
      classes.push("is-orphan");
    }
    if (addresses.some((each) => each.startsWith("/truncations"))) {
      classes.push("is-cut");
    }
    return classes;
  };

  Review.ArticleText = class {
    /**
     * @param {Review.Characters} characters The text.
     * @param {function(string[]): void} onPick Told what rests on the words that were clicked, tightest first.
     */
    constructor(characters, onPick) {
      this.characters = characters;
      this.onPick = onPick;
      this.element = Review.make("div.text", { id: "text", lang: "en" });
      this.starts = new WeakMap();
    }

    show(tree) {
      this.pieces = new Map();
      const spans = collectSpans(tree, this.characters.length);
      const segments = cutSegments(this.characters.length, spans);
      this.element.replaceChildren();
      this.paragraph = null;
      for (const segment of segments) {
        this.showSegment(segment);
        this.showCutEnds(tree, segment);
      }
    }

    showSegment(segment) {
      const text = this.characters.slice(segment.start, segment.end);
      let start = segment.start;
      text.split("\n").forEach((line, at) => {
        if (at > 0) {
          this.paragraph = null;
          start += 1;
        }
        if (line) {
          this.place(this.piece(line, start, segment.spans), start);
          start += Review.countCharacters(line);
        }
      });
    }

    place(piece, start) {
      if (this.paragraph === null) {
        this.paragraph = Review.make("p");
        this.starts.set(this.paragraph, start);
        this.element.append(this.paragraph);
      }
      this.paragraph.append(piece);
    }

    piece(line, start, spans) {
      const children = this.inertNodes(line, start);
      if (!spans.length) {
        const plain = document.createDocumentFragment();
        plain.append(...children);
        return plain;
      }
      const addresses = this.tightestFirst(spans);
      const mark = Review.make("mark", { click: (event) => this.pick(event, addresses) }, children);
      mark.classList.add(...classesOf(spans));
      addresses.forEach((address) => this.pieces.set(address, [...(this.pieces.get(address) || []), mark]));
      return mark;
    }

    tightestFirst(spans) {
      return [...spans]
        .sort((one, other) => one.end - one.start - (other.end - other.start))
        .map((span) => span.address);
    }

    /** Text nodes, and escapes in the place of characters that would hide or reorder text. */
    inertNodes(line, start) {
      const nodes = [];
      let plain = "";
      let at = start;
      const flush = (end) => {
        if (plain) {
          const node = document.createTextNode(plain);
          this.starts.set(node, end - Review.countCharacters(plain));
          nodes.push(node);
          plain = "";
        }
      };
      for (const character of line) {
        if (Review.isInert(character)) {
          plain += character;
        } else {
          flush(at);
          const name = `hidden character U+${character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
          const escape = Review.make("span.escape", { title: name }, Review.escapeCharacter(character));
          this.starts.set(escape, at);
          nodes.push(escape);
        }
        at += 1;
      }
      flush(at);
      return nodes;
    }

    /** The kind of damage, told where it ends. */
    showCutEnds(tree, segment) {
      for (const span of segment.spans) {
        const isEnd = span.end === segment.end && /^\/truncations\/[^/]+\/text$/.test(span.address);
        if (isEnd && this.paragraph) {
          const { kind } = tree.find(span.address).entry.leaves;
          this.paragraph.append(
            Review.make(
              "button.cut-tag",
              { type: "button", click: (event) => this.pick(event, [span.address]) },
              Review.wording.truncation(kind),
            ),
          );
        }
      }
    }

    pick(event, addresses) {
      if (window.getSelection().isCollapsed || event.detail === 0) {
        this.onPick([...new Set(addresses)]);
      }
    }

    /** Let the words of a value glow, and bring them into view. */
    light(address, { scroll }) {
      this.element.querySelectorAll(".is-lit").forEach((each) => each.classList.remove("is-lit"));
      const pieces = this.pieces.get(address) || [];
      pieces.forEach((each) => each.classList.add("is-lit"));
      if (scroll && pieces.length) {
        Review.bringIntoView(pieces[0]);
      }
      return pieces.length > 0;
    }

    /** Let words glow that are no value's. */
    preview(spans) {
      this.element.querySelectorAll(".is-lit").forEach((each) => each.classList.remove("is-lit"));
      const range = spans.length ? this.rangeOf(spans[0]) : null;
      if (range) {
        Review.bringIntoView(range.startContainer.parentElement);
      }
    }

    rangeOf({ start, end }) {
      const walker = document.createTreeWalker(this.element, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const from = this.starts.get(node);
        if (from !== undefined && start < from + Review.countCharacters(node.data) && from < end) {
          const range = document.createRange();
          range.selectNode(node);
          return range;
        }
      }
      return null;
    }

    /** The selected words, as whole words; null where nothing of the text is selected. */
    selection() {
      const selection = window.getSelection();
      if (!selection.rangeCount || selection.isCollapsed) {
        return null;
      }
      const range = selection.getRangeAt(0);
      if (!this.element.contains(range.commonAncestorContainer)) {
        return null;
      }
      const start = this.offsetOf(range.startContainer, range.startOffset);
      const end = this.offsetOf(range.endContainer, range.endOffset);
      return this.wholeWords(start, end);
    }

    offsetOf(node, offset) {
      if (node.nodeType === Node.TEXT_NODE) {
        if (this.starts.has(node)) {
          return this.starts.get(node) + Review.countCharacters(node.data.slice(0, offset));
        }
        const escape = node.parentElement;
        return this.starts.has(escape) ? this.starts.get(escape) + (offset > 0 ? 1 : 0) : this.nextOffset(node);
      }
      const child = node.childNodes[offset];
      return child ? this.firstOffset(child) : this.nextOffset(node);
    }

    firstOffset(node) {
      const walker = document.createTreeWalker(node, NodeFilter.SHOW_ALL);
      for (let each = node; each; each = walker.nextNode()) {
        if (this.starts.has(each)) {
          return this.starts.get(each);
        }
      }
      return this.nextOffset(node);
    }

    /** The first offset behind a node. */
    nextOffset(node) {
      const walker = document.createTreeWalker(this.element, NodeFilter.SHOW_ALL);
      for (let each = walker.nextNode(); each; each = walker.nextNode()) {
        const isBehind = node.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_FOLLOWING;
        if (isBehind && !node.contains(each) && this.starts.has(each)) {
          return this.starts.get(each);
        }
      }
      return this.characters.length;
    }

    /** A hasty selection is widened to whole words and numbers, and blanks at its ends are left out. */
    wholeWords(start, end) {
      const at = (place) => this.characters.slice(place, place + 1);
      const isWord = (place) => place >= 0 && place < this.characters.length && /[\p{L}\p{N}]/u.test(at(place));
      const isNumber = (place) =>
        /[.,\u00b7]/.test(at(place)) && /[0-9]/.test(at(place - 1)) && /[0-9]/.test(at(place + 1));
      while (start < end && /\s/.test(at(start))) {
        start += 1;
      }
      while (end > start && /\s/.test(at(end - 1))) {
        end -= 1;
      }
      if (start >= end) {
        return null;
      }
      while ((isWord(start) && isWord(start - 1)) || (isWord(start) && isNumber(start - 1)) || isNumber(start)) {
        start -= 1;
      }
      while ((isWord(end - 1) && isWord(end)) || (isWord(end - 1) && isNumber(end)) || isNumber(end - 1)) {
        end += 1;
      }
      return { start, end, text: this.characters.slice(start, end) };
    }
  };

  /** Scroll only as far as needed to see an element well. */
  Review.bringIntoView = (element) => {
    const isCalm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    element.scrollIntoView({ block: "center", inline: "nearest", behavior: isCalm ? "auto" : "smooth" });
  };
})();
