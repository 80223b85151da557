import type { JsonObject, JsonValue, PersonInput } from '@batuta/contract';
import type { HostAddress, ProducedFile } from './tool.ts';

/** A browser of this machine. It starts when the first window is opened, and ends when none has been open for a while. */
export interface Browser {
  /** Opens a window: pages, cookies and storage of its own. Errors: `browser-missing`, `browser-failed`, `browser-busy`. */
  openWindow(options: WindowOptions): Promise<BrowserWindow>;
  /** What would keep it from starting, in words for people; undefined when nothing is known. */
  fault(): Promise<string | undefined>;
  close(): Promise<void>;
}

/** What a window is opened with. */
export interface WindowOptions {
  /** Cookies, storage and addresses of an earlier window of the same session. */
  state: WindowState | null;
  /** Contract: throws where a request may not be made. `sends`: it is no mere reading (its method is not GET, HEAD or OPTIONS). */
  mayReach: (request: WindowRequest) => void;
}

/** A request that a page is about to make, or, with `addresses`, a connection. */
export interface WindowRequest {
  url: URL;
  addresses: readonly HostAddress[] | undefined;
  /** Undefined for a connection, of which nobody knows. */
  sends: boolean | undefined;
}

/** What a window keeps: enough to go on in another process. */
export interface WindowState {
  /** Cookies, local storage and IndexedDB, as the browser gives them. */
  storage: JsonObject;
  /** Addresses of the open pages. */
  pages: readonly string[];
}

/** A page as a model reads it. */
export interface PageView {
  /** Its number in the window. */
  page: number;
  address: string;
  title: string;
  /** Its tree of roles, names and texts, with references; what a person would not see is left out. */
  text: string;
  /** What happened beside it: dialogs, new pages, downloads, requests that were held back. */
  notes: readonly string[];
}

/** One thing to do with a page. */
export interface BrowserStep {
  action:
    | 'click'
    | 'type'
    | 'select'
    | 'check'
    | 'uncheck'
    | 'press'
    | 'hover'
    | 'scroll'
    | 'upload'
    | 'wait'
    | 'back'
    | 'reload';
  /** Reference of the element, as the last view of the page gives it. */
  ref?: string | undefined;
  /** What the element is called; refused when it is called something else. */
  element?: string | undefined;
  /** What is typed, pressed, selected or waited for. */
  text?: string | undefined;
  /** Press Enter after typing. */
  enter?: boolean | undefined;
  /** Files to upload. */
  files?: readonly ProducedFile[] | undefined;
  /** What is typed is a secret: it is never shown, and may only be typed into a page of this host. */
  secretFor?: readonly string[] | undefined;
}

/** How steps are done. */
export interface StepOptions {
  page?: number | undefined;
  /** Requests that send something may be made. */
  sends: boolean;
  /** The page must be of this origin. */
  origin?: string | undefined;
  /** What is answered to questions of the page. */
  dialogs?: 'accept' | 'dismiss' | undefined;
  dialogText?: string | undefined;
}

/** What became of steps: how many were done, why it ended there, and the page afterwards. */
export interface StepReport {
  done: number;
  fault: string | undefined;
  view: PageView;
}

/** Part of a page that is meant. */
export interface ViewOptions {
  page?: number | undefined;
  /** Only what is inside of this element. */
  within?: string | undefined;
  /** Which part of a long page, from 1. */
  part?: number | undefined;
}

/** What a window shows, beside its picture. */
export interface WindowScreen {
  /** Of the page, in its own pixels. */
  width: number;
  height: number;
  pages: readonly { page: number; address: string; title: string; isCurrent: boolean }[];
}

/** Somebody who looks at a window. Contract: returns at once, never throws. */
export interface WindowWatcher {
  /** A picture (JPEG) of the page in front. */
  frame(image: Uint8Array): void;
  /** Something else has changed. */
  screen(screen: WindowScreen): void;
  /** There is nothing more to be seen. */
  closed(): void;
}

/** A window while a person acts in it. */
export interface PersonalWindow {
  /** Does what the person does. What cannot be done is left out. */
  act(input: PersonInput): Promise<void>;
  /** Ends it: references are stale, and what was typed is covered wherever the agent would see it. */
  end(): Promise<void>;
}

/** A browser window of one session. Calls are made one after the other. Errors of all: `browser-failed`. */
export interface BrowserWindow {
  readonly isClosed: boolean;
  /** Goes to an address in the current page, or in a new one. */
  open(url: URL, options: { newPage: boolean; signal: AbortSignal }): Promise<PageView>;
  view(options: ViewOptions): Promise<PageView>;
  perform(steps: readonly BrowserStep[], options: StepOptions): Promise<StepReport>;
  /** What stands in the page where a schema's properties are named: tables, lists of terms, forms, items. */
  collect(options: ViewOptions): Promise<readonly JsonValue[]>;
  screenshot(options: {
    page?: number | undefined;
    ref?: string | undefined;
    whole: boolean;
  }): Promise<ProducedFile>;
  /** Files that the window has downloaded and nobody has taken, at most `maxBytes` each. */
  downloads(maxBytes: number): Promise<ProducedFile[]>;
  state(): Promise<WindowState>;
  /** Shows it to somebody, until the function that it returns is called. Nothing is captured while nobody looks. */
  watch(watcher: WindowWatcher): () => void;
  /** Lets a person act in it. No call may be under way. */
  handOver(): Promise<PersonalWindow>;
  close(): Promise<void>;
}
