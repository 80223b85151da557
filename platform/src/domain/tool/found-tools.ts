/** How many found tools a session knows: the latest, so that searching again and again does not fill the context. */
const mostFound = 40;

/** Adds what was found. The same array where nothing new was. */
export function addFoundTools(known: readonly string[], found: readonly string[]): readonly string[] {
  if (found.every((reference) => known.includes(reference))) return known;
  const rest = known.filter((reference) => !found.includes(reference));
  return [...rest, ...found].slice(-mostFound);
}
