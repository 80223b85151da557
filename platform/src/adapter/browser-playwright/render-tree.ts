import type { TreeNode } from './page-tree.ts';

/** How a tree is written. */
export interface RenderOptions {
  /** Written before the number of each reference: tells documents apart, so that an old reference never means a new element. */
  tag: string;
  /** The same for elements inside of frames, which come and go while the page stays. */
  frameTag: string;
  /** Takes out of a text what a person would not see. */
  clean: (text: string) => string;
  /** Values that are never shown: what was typed into password fields, secrets. */
  isHidden: (value: string) => boolean;
}

/** An element that can be acted on. */
export interface KnownElement {
  role: string;
  name: string;
}

/** A tree as lines, and what its references stand for. */
export interface RenderedTree {
  lines: readonly string[];
  elements: ReadonlyMap<string, KnownElement>;
}

/** Roles that are acted on: they have a reference, and their name is shown even if it is for screen readers only. */
const controls = new Set(
  `button link textbox searchbox combobox checkbox radio switch slider spinbutton menuitem menuitemcheckbox menuitemradio
  tab treeitem option listbox`.split(/\s+/),
);
/** Roles that parts of a page are asked for by. */
const regions = new Set(
  'main navigation form dialog alertdialog table grid list region article search iframe complementary rowgroup img'.split(
    ' ',
  ),
);
/** Roles that say nothing by themselves. */
const plain = new Set(['generic', 'none', 'presentation', 'rowgroup', 'paragraph']);

const longestName = 200;
const longestText = 2_000;
const longestUrl = 160;
const deepest = 60;

/** Writes a tree as an indented list that a model reads. */
export function renderTree(nodes: readonly (TreeNode | string)[], options: RenderOptions): RenderedTree {
  const writer = new TreeWriter(options);
  for (const node of nodes) writer.write(node, 0);
  return { lines: writer.lines, elements: writer.elements };
}

class TreeWriter {
  readonly lines: string[] = [];
  readonly elements = new Map<string, KnownElement>();
  readonly #options: RenderOptions;

  constructor(options: RenderOptions) {
    this.#options = options;
  }

  write(node: TreeNode | string, depth: number, tag = this.#options.tag): void {
    if (typeof node === 'string') return this.#line(depth, this.#shown(node, longestText));
    const said = { ref: refOf(node, tag), name: this.#nameOf(node), text: this.#textOf(node) };
    const { ref, name, text } = said;
    if (ref !== undefined)
      this.elements.set(ref, { role: node.role, name: [name, text].find(Boolean) ?? '' });
    const isWrapper = isPlain(node, said);
    this.#line(depth, isWrapper ? text : describe(node, said));
    const below = node.role === 'iframe' ? this.#options.frameTag : tag;
    this.#writeAll(this.#childrenOf(node, name), isWrapper && text === '' ? depth : depth + 1, below);
  }

  #writeAll(children: readonly (TreeNode | string)[], depth: number, tag: string): void {
    if (depth <= deepest) for (const child of children) this.write(child, depth, tag);
  }

  /** A name that is nothing but the text of the children is not said twice. */
  #childrenOf(node: TreeNode, name: string): readonly (TreeNode | string)[] {
    const children = node.children ?? [];
    const isSaid = children.every(
      (child) => typeof child === 'string' || (plain.has(child.role) && !child.children),
    );
    return controls.has(node.role) && isSaid && name !== '' ? [] : children;
  }

  #nameOf({ role, name = '' }: TreeNode): string {
    const shown = this.#shown(name, longestName);
    if (shown !== '' || !controls.has(role)) return shown;
    // A control has to be called something; what is for screen readers only is kept short.
    return squeeze(name).slice(0, 80);
  }

  #textOf({ text = '' }: TreeNode): string {
    return this.#options.isHidden(text) ? '••••' : this.#shown(text, longestText);
  }

  #shown(text: string, longest: number): string {
    const clean = squeeze(this.#options.clean(squeeze(text)));
    return clean.length > longest ? `${clean.slice(0, longest)}…` : clean;
  }

  #line(depth: number, text: string): void {
    if (text !== '') this.lines.push(`${'  '.repeat(Math.min(depth, 20))}- ${text}`);
  }
}

/** Says nothing by itself. */
function isPlain({ role }: TreeNode, { ref, name }: { ref: string | undefined; name: string }): boolean {
  return plain.has(role) && ref === undefined && name === '';
}

/** Only what can be acted on, or asked for by itself, has a reference. */
function refOf({ role, ref, cursor }: TreeNode, tag: string): string | undefined {
  const isMeant = controls.has(role) || regions.has(role) || cursor === 'pointer';
  return ref === undefined || !isMeant ? undefined : tagged(ref, tag);
}

const flags = ['disabled', 'expanded', 'selected', 'active', 'checked', 'pressed'] as const;

function describe(
  node: TreeNode,
  { name, text, ref }: { name: string; text: string; ref: string | undefined },
): string {
  const parts = [
    node.role,
    ...(name === '' ? [] : [JSON.stringify(name)]),
    ...(ref === undefined ? [] : [`[ref=${ref}]`]),
    ...(node.level === undefined ? [] : [`[level=${node.level}]`]),
    ...flags.flatMap((flag) => (node[flag] === true ? [`[${flag}]`] : [])),
    ...(node.checked === 'mixed' || node.pressed === 'mixed' ? ['[mixed]'] : []),
    ...(node.url === undefined ? [] : [`-> ${node.url.slice(0, longestUrl)}`]),
  ];
  return text === '' ? parts.join(' ') : `${parts.join(' ')}: ${text}`;
}

function squeeze(text: string): string {
  return text.replaceAll(/[\p{Cf}\p{Cc}\s]+/gu, ' ').trim();
}

/** `e12` of the document with the tag `kd` is `kd12`; in a frame, `f1e12` is `f1kd12`. */
function tagged(ref: string, tag: string): string {
  return ref.replace('e', tag);
}

/** The browser's own form of a reference and its tag; undefined for what is none. */
export function untagged(ref: string): { ref: string; tag: string } | undefined {
  const [, frame = '', tag, number] = /^(f\d+)?([a-z]{2})(\d+)$/.exec(ref.trim()) ?? [];
  return tag === undefined ? undefined : { ref: `${frame}e${number}`, tag };
}
