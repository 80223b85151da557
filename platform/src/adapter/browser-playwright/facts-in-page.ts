/*
 * Functions that run in a page: each stands alone, because only its own text is sent there. `innerText` leaves out what is not displayed.
 */

type Rows = Record<string, string>[];

/** Tables with a head, by its names; tables of two columns without one, as names and values. */
export function readTables(root: HTMLElement | SVGElement): Rows[] {
  const textOf = (cell: Element) =>
    ('innerText' in cell ? String(cell.innerText) : '').replaceAll(/\s+/g, ' ').trim().slice(0, 4000);
  const tables = [...(root.matches('table') ? [root] : []), ...root.querySelectorAll('table')];
  return tables.slice(0, 50).map((table) => {
    const lines = [...table.querySelectorAll('tr')].slice(0, 5000).map((row) => [...row.children]);
    const isHead = (cells: Element[]) => cells.length > 1 && cells.every((cell) => cell.tagName === 'TH');
    const head = lines.find(isHead)?.map(textOf);
    const body = lines.filter((cells) => !isHead(cells));
    const pairs = body.map((cells) => [
      textOf(cells[0] as Element),
      textOf(cells[1] ?? (cells[0] as Element)),
    ]);
    if (!head && body.every(({ length }) => length === 2)) return [Object.fromEntries(pairs)];
    return body.map((cells) =>
      Object.fromEntries(cells.map((cell, at) => [head?.[at] || `column ${at + 1}`, textOf(cell)])),
    );
  });
}

/** Lists of terms. */
export function readTerms(root: HTMLElement | SVGElement): Rows[] {
  const textOf = (part: Element | null) =>
    (part && 'innerText' in part ? String(part.innerText) : '').replaceAll(/\s+/g, ' ').trim().slice(0, 4000);
  const lists = [...(root.matches('dl') ? [root] : []), ...root.querySelectorAll('dl')];
  return lists.slice(0, 50).map((list) => {
    const terms = [...list.querySelectorAll('dt')].slice(0, 500);
    return [Object.fromEntries(terms.map((term) => [textOf(term), textOf(term.nextElementSibling)]))];
  });
}

/** What stands in fields, by their labels. Never what is in password fields. */
export function readFields(root: HTMLElement | SVGElement): Rows[] {
  const fields = [...root.querySelectorAll<HTMLInputElement>('input, select, textarea')].slice(0, 500);
  const open = fields.filter(({ type }) => type !== 'password' && type !== 'hidden');
  const nameOf = (field: HTMLInputElement) => {
    const names = [
      field.labels?.[0]?.innerText,
      field.getAttribute('aria-label'),
      field.name,
      field.placeholder,
    ];
    return (names.find((name) => name) ?? '').replaceAll(/\s+/g, ' ').trim().slice(0, 200);
  };
  const valueOf = ({ type, checked, value }: HTMLInputElement) =>
    (type === 'checkbox' || type === 'radio' ? String(checked) : value).slice(0, 4000);
  const named = open.map((field) => [nameOf(field), valueOf(field)]).filter(([name]) => name !== '');
  return named.length > 0 ? [[Object.fromEntries(named)]] : [];
}

/** Repeated elements, such as cards: their parts by `itemprop`, `data-field` or class. */
export function readItems(root: HTMLElement | SVGElement): Rows[] {
  const textOf = (part: Element) =>
    ('innerText' in part ? String(part.innerText) : '').replaceAll(/\s+/g, ' ').trim().slice(0, 4000);
  const nameOf = (part: Element) =>
    part.getAttribute('itemprop') ??
    part.getAttribute('data-field') ??
    part.getAttribute('class')?.split(' ')[0] ??
    '';
  const rowOf = (item: Element) => {
    const parts = [...item.querySelectorAll('*')].filter(
      (part) => part.children.length === 0 && nameOf(part) !== '',
    );
    return Object.fromEntries(parts.slice(0, 100).map((part) => [nameOf(part), textOf(part)]));
  };
  const parents = [root, ...root.querySelectorAll('ul, ol, section, main, div, [itemscope]')].slice(0, 2000);
  const groups = parents.map((parent) => {
    const items = [...parent.children].filter(({ children }) => children.length > 0).slice(0, 5000);
    const [first] = items;
    const isAlike = items.every(
      (item) => item.tagName === first?.tagName && item.className === first.className,
    );
    return items.length > 1 && isAlike ? items.map(rowOf) : [];
  });
  return groups.filter((rows) => rows.some((row) => Object.keys(row).length > 0)).slice(0, 50);
}
