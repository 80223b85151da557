const longestHeader = 512;

/** Which of the offered languages an Accept-Language header likes best; the first offered one when it likes none. */
export function preferredLanguage<const L extends string>(
  header: string | undefined,
  offered: readonly [L, ...L[]],
): L {
  const liked = (header ?? '')
    .slice(0, longestHeader)
    .split(',')
    .map(readRange)
    .filter(({ quality }) => quality > 0)
    .toSorted((a, b) => b.quality - a.quality);
  for (const { language } of liked) {
    const found = offered.find((each) => each === language);
    if (found !== undefined) return found;
  }
  return offered[0];
}

function readRange(range: string): { language: string; quality: number } {
  const [tag = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
  const quality = parameters.find((parameter) => parameter.startsWith('q='));
  return {
    language: tag.split('-')[0] ?? '',
    quality: quality === undefined ? 1 : Number(quality.slice(2)) || 0,
  };
}
