import { randomInt } from 'node:crypto';

/** No `e` and no `f` first: they begin references of the browser itself. */
const letters = 'abcdghijkmnpqrstuvwxyz';

/** Two letters for each document, beginning anywhere, so that references from before a restart are not taken for new ones. */
export function makeTags(start = randomInt(letters.length ** 2)): () => string {
  let next = start;
  return () => {
    const at = next % letters.length ** 2;
    next += 1;
    return `${letters[Math.floor(at / letters.length)]}${letters[at % letters.length]}`;
  };
}
