// What runs inside the page while it is measured: which messages come, when frames are drawn, how long a key takes, how much
// memory the program has. It does not know what the figures have to be.

/** Runs in the page before it is loaded. Everything is on `window.watches`. */
export function watches() {
  /** Notes the memory of the program; it only ever grows. */
  const memories = [];
  const keep = ({ instance }) => {
    for (const one of Object.values(instance.exports)) {
      if (one instanceof WebAssembly.Memory && !memories.includes(one)) memories.push(one);
    }
  };
  for (const way of ["instantiate", "instantiateStreaming"]) {
    const made = WebAssembly[way];
    WebAssembly[way] = async (...args) => {
      const result = await made.apply(WebAssembly, args);
      keep("instance" in result ? result : { instance: result });
      return result;
    };
  }

  const log = () => document.querySelector("[data-testid=log]");
  const numberOf = (row) => Number.parseInt(row.querySelector("[data-testid=message-text]")?.textContent, 10);
  const rows = () => [...log().querySelectorAll("[data-testid=message]")];

  /** What is wrong with the messages that stand in the page: each must be one more than the one above. */
  const disorder = () => {
    const numbers = rows().map(numberOf);
    const wrong = numbers.findIndex((number, at) => at > 0 && number !== numbers[at - 1] + 1);
    return wrong < 0 ? undefined : `${numbers[wrong]} stands below ${numbers[wrong - 1]}`;
  };

  /**
   * Watches that from this number on every message comes into the page: in each frame those that are new must follow what was
   * there, as they stand one below another. Nothing is kept of those that came.
   * Where more come at once than the page's window holds, those before it are not drawn: they are counted as passed over.
   */
  const arrivals = (first, held) => {
    const told = { next: first, passed: 0, wrong: [] };
    const complain = (what) => told.wrong.length < 10 && told.wrong.push(what);
    const rowsIn = (node) => {
      if (!(node instanceof Element)) return [];
      return node.matches("[data-testid=message]") ? [node] : [...node.querySelectorAll("[data-testid=message]")];
    };
    let added = new Set();
    const judge = () => {
      // What is put in at once is put in in any order; what counts is how it stands when it is drawn.
      const found = [...added].filter((row) => row.isConnected);
      found.sort((one, other) => (one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1));
      added = new Set();
      // What is older was drawn anew, as the first of its run.
      const numbers = found.map(numberOf).filter((number) => !(number < told.next));
      if (numbers.length >= held && numbers[0] > told.next) {
        told.passed += numbers[0] - told.next;
        told.next = numbers[0];
      }
      for (const number of numbers) {
        if (number !== told.next) complain(`${number} came in the place of ${told.next}`);
        told.next = number + 1;
      }
    };
    const take = (records) => {
      if (added.size === 0) requestAnimationFrame(judge);
      for (const record of records) for (const node of record.addedNodes) for (const row of rowsIn(node)) added.add(row);
    };
    const observer = new MutationObserver(take);
    observer.observe(log(), { childList: true, subtree: true });
    window.watches.arrived = () => (take(observer.takeRecords()), judge(), told);
  };

  /** Notes when frames are drawn until it is asked for them: milliseconds between one and the next. */
  const frames = () => {
    const between = [];
    let before;
    let goesOn = true;
    const draw = (now) => {
      if (before !== undefined) between.push(now - before);
      before = now;
      if (goesOn) requestAnimationFrame(draw);
    };
    requestAnimationFrame(draw);
    window.watches.drawn = () => ((goesOn = false), between);
  };

  /**
   * Notes how long keys take. Handled is when the letter stands in the field and the page has done all that it does about it,
   * the wait for its turn included. Shown is when the frame is drawn that has it: even of a page that does nothing else every
   * second key waits for longer than half a frame, since it comes at any moment of one.
   */
  const keys = () => {
    const told = { handled: [], shown: [] };
    let pressed;
    const down = (event) => {
      pressed = event.timeStamp;
      const began = pressed;
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        // What is drawn in this frame is drawn when the next task begins.
        port1.onmessage = () => told.shown.push(performance.now() - began);
        port2.postMessage(undefined);
      });
    };
    // The window hears of it last, and what its other listeners put off to the end of their turn is done by then.
    const written = () => told.handled.push(performance.now() - pressed);
    addEventListener("keydown", down, { capture: true });
    addEventListener("input", written);
    window.watches.pressed = () => {
      removeEventListener("keydown", down, { capture: true });
      removeEventListener("input", written);
      return told;
    };
  };

  window.watches = {
    arrivals,
    frames,
    keys,
    disorder,
    numbers: () => rows().map(numberOf),
    programBytes: () => memories.reduce((sum, memory) => sum + memory.buffer.byteLength, 0),
  };
}
