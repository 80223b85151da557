const most = 40;
const longestWords = 300;

/** What a program says when something goes wrong, rather than where in its code: `Error: ...`, `npm error FetchError: ...`. */
const named = /(?:^|\s)\w*(?:Error|Exception): \S/;
const telling = /error|fatal|cannot|could not|not found|denied/i;
const idle =
  /complete log of this run|^npm (?:warn|notice)|^\s*at |^npm (?:error|ERR!)\s+at |behind a proxy|^npm (?:error|ERR!)(?: \w+)?\s*$/i;

/** The last lines of a process on its standard error, and the one among them that says why it ended. */
export class LastWords {
  readonly #lines: string[] = [];

  add(line: string): void {
    this.#lines.push(line.trim());
    if (this.#lines.length > most) this.#lines.shift();
  }

  /** Empty where it said nothing. */
  get reason(): string {
    const said = this.#lines.filter((line) => !idle.test(line));
    const longest = said.filter((line) => telling.test(line)).toSorted((a, b) => b.length - a.length)[0];
    const reason = said.find((line) => named.test(line)) ?? longest ?? said.at(-1) ?? '';
    return reason.slice(0, longestWords);
  }
}
