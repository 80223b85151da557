/**
 * What counts as one address: of IPv6 the first 64 bits, because whoever has one address there has them all. The text is in one form,
 * whatever form it came in.
 */
export function addressBlock(address: string): string {
  if (!address.includes(':')) return address;
  const [head = '', tail = ''] = address.split('%')[0]?.split('::') ?? [];
  const before = groups(head);
  const after = groups(tail);
  const missing = address.includes('::') ? Math.max(0, 8 - before.length - after.length) : 0;
  const all = [...before, ...Array.from({ length: missing }, () => 0), ...after];
  return `${all
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`;
}

/** An IPv4 address at the end stands for two groups; which ones does not matter here. */
function groups(part: string): number[] {
  if (part === '') return [];
  return part.split(':').flatMap((group) => (group.includes('.') ? [0, 0] : [Number.parseInt(group, 16)]));
}
