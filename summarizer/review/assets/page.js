// The one global name of the pages, their data, and a way to make elements in which any text stays text.
"use strict";

const Review = {};

/** The data that the page was made with. */
Review.readData = () => JSON.parse(document.getElementById("data").textContent);

/**
 * Make an element.
 *
 * @param {string} tag Name of the element, with classes: "button.value.is-new".
 * @param {Object} [attributes] Attributes; a function is a listener, null and false are left out.
 * @param {...(Node|string|null|Array)} children Elements and texts.
 * @returns {HTMLElement}
 */
Review.make = (tag, attributes, ...children) => {
  const [name, ...classes] = tag.split(".");
  const element = document.createElement(name);
  element.classList.add(...classes);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) {
      continue;
    }
    if (typeof value === "function") {
      element.addEventListener(key, value);
    } else if (value === true) {
      element.setAttribute(key, "");
    } else {
      element.setAttribute(key, value);
    }
  }
  element.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
};

/** Make an element of a drawing. */
Review.draw = (tag, attributes, ...children) => {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [key, value] of Object.entries(attributes || {})) {
    element.setAttribute(key, String(value));
  }
  element.append(...children);
  return element;
};

/** "1 trial", "2 trials", "1,200 trials". */
Review.count = (number, noun, plural) => `${number.toLocaleString("en")} ${number === 1 ? noun : plural || `${noun}s`}`;

/** Offer a text as a file. */
Review.download = (name, text, type) => {
  const address = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  const link = Review.make("a", { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
};

/** Say something to who looks and to who listens. */
Review.say = (message, kind) => {
  const region = document.getElementById("said");
  if (region === null) {
    return;
  }
  region.textContent = message;
  region.className = kind ? `said is-${kind}` : "said";
  region.hidden = false;
  clearTimeout(Review.say.timer);
  Review.say.timer = setTimeout(() => {
    region.hidden = true;
  }, 6000);
};

/** On paper nothing can be opened, so everything is. */
Review.openForPrint = () => {
  let closed = [];
  window.addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details:not([open])")];
    closed.forEach((each) => {
      each.open = true;
    });
  });
  window.addEventListener("afterprint", () =>
    closed.forEach((each) => {
      each.open = false;
    }),
  );
};
