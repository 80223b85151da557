import type { EmulatedRequest } from './emulated-request.ts';
import { cutAfter, drop, empty, failAfter, failure, garbage, garbageAfter } from './reply-builders.ts';
import { hang, inOrder, reasoning, text, toolCalls, words } from './reply-builders.ts';
import type { Reply } from './reply.ts';

/** One form of a model name that says what the model answers. */
export interface ModelNameForm {
  /** The form, with a letter for each number. */
  form: string;
  /** A name of this form. */
  example: string;
  /** What the model answers. */
  meaning: string;
}

interface Form extends ModelNameForm {
  pattern: RegExp;
  /** Reply from the numbers in the name. One that depends on more than those is not remembered. */
  reply: (numbers: number[], request: EmulatedRequest) => Reply;
  dependsOnRequest?: true;
}

/** Numbers in names are bounded, so that no name can ask for an endless answer. */
const most = 100_000;

const forms: readonly Form[] = [
  {
    form: 'text-N',
    example: 'text-200',
    meaning: 'N tokens of text',
    pattern: /^text-(\d+)$/,
    reply: ([tokens = 1]) => words(tokens),
  },
  {
    form: 'slow-F-B-N',
    example: 'slow-500-20-100',
    meaning: 'the first token after F ms, then B ms between N tokens',
    pattern: /^slow-(\d+)-(\d+)-(\d+)$/,
    reply: ([firstTokenMs = 0, betweenTokensMs = 0, tokens = 1]) =>
      words(tokens, { firstTokenMs, betweenTokensMs }),
  },
  {
    form: 'tools-N',
    example: 'tools-10',
    meaning:
      'one call of `add({a,b})` a step while the conversation has fewer than N tool results, then 200 tokens',
    pattern: /^tools-(\d+)$/,
    reply: ([steps = 1], request) =>
      request.toolResultCount < steps ? addCall(request.toolResultCount) : words(200),
    dependsOnRequest: true,
  },
  {
    form: 'parallel-N',
    example: 'parallel-3',
    meaning: 'N calls of `add({a,b})` in one answer; 20 tokens when the conversation has tool results',
    pattern: /^parallel-(\d+)$/,
    reply: ([calls = 1], request) =>
      request.toolResultCount > 0
        ? words(20)
        : toolCalls(Array.from({ length: Math.min(calls, 128) }, (_, index) => addArguments(index))),
    dependsOnRequest: true,
  },
  {
    form: 'reasoning-N',
    example: 'reasoning-50',
    meaning: 'N tokens of reasoning, then 20 tokens of text',
    pattern: /^reasoning-(\d+)$/,
    reply: ([tokens = 1]) => inOrder(reasoning('thought '.repeat(tokens), { tokens }), words(20)),
  },
  {
    form: 'echo',
    example: 'echo',
    meaning: 'the last text of the user',
    pattern: /^echo$/,
    reply: (_, request) => text(request.lastUserText),
    dependsOnRequest: true,
  },
  {
    form: 'error-S',
    example: 'error-529',
    meaning: 'HTTP status S (400 to 599) with the error body of the provider',
    pattern: /^error-([45]\d\d)$/,
    reply: ([status = 500]) => failure(status),
  },
  {
    form: 'error-S-R',
    example: 'error-429-3',
    meaning: 'the same with `retry-after: R` (seconds)',
    pattern: /^error-([45]\d\d)-(\d+)$/,
    reply: ([status = 429, retryAfterSeconds = 1]) => failure(status, { retryAfterSeconds }),
  },
  {
    form: 'broken-N',
    example: 'broken-5',
    meaning: 'N of 20 tokens, then an error event (overloaded) in the stream',
    pattern: /^broken-(\d+)$/,
    reply: ([tokens = 0]) => failAfter(tokens, words(20), failure(529)),
  },
  {
    form: 'cut-N',
    example: 'cut-2000',
    meaning: '200 tokens of text; the connection breaks after N bytes of the body',
    pattern: /^cut-(\d+)$/,
    reply: ([bytes = 0]) => cutAfter(bytes, words(200)),
  },
  {
    form: 'garbage',
    example: 'garbage',
    meaning: 'status 200 and bytes that are not of the protocol',
    pattern: /^garbage$/,
    reply: () => garbage(),
  },
  {
    form: 'garbage-N',
    example: 'garbage-5',
    meaning: 'the same bytes after N of 20 tokens',
    pattern: /^garbage-(\d+)$/,
    reply: ([tokens = 0]) => garbageAfter(tokens, words(20)),
  },
  {
    form: 'malformed',
    example: 'malformed',
    meaning: 'a call of `add` whose arguments are cut-off JSON',
    pattern: /^malformed$/,
    reply: () => toolCalls([{ name: 'add', arguments: '{"a": 1, "b":' }]),
  },
  {
    form: 'empty',
    example: 'empty',
    meaning: 'a complete answer with nothing in it',
    pattern: /^empty$/,
    reply: () => empty(),
  },
  {
    form: 'hang',
    example: 'hang',
    meaning: 'nothing until the client leaves',
    pattern: /^hang$/,
    reply: () => hang(),
  },
  {
    form: 'drop',
    example: 'drop',
    meaning: 'the connection closes without an answer',
    pattern: /^drop$/,
    reply: () => drop(),
  },
];

/** The forms of model names that need no script, for documents and for the list of models. */
export const modelNameForms: readonly ModelNameForm[] = forms;

const remembered = new Map<string, Reply>();

/** The reply that the name of the model says, or nothing. A provider before the name (`acme/text-200`) does not count. */
export function replyOfModelName(request: EmulatedRequest): Reply | undefined {
  const name = request.model.slice(request.model.lastIndexOf('/') + 1);
  const known = remembered.get(name);
  if (known !== undefined) return known;
  for (const form of forms) {
    const numbers = form.pattern.exec(name)?.slice(1).map(Number);
    if (numbers === undefined) continue;
    if (numbers.some((number) => number > most)) return tooLarge(name);
    const reply = form.reply(numbers, request);
    if (form.dependsOnRequest !== true && remembered.size < 1000) remembered.set(name, reply);
    return reply;
  }
  return undefined;
}

function tooLarge(name: string): Reply {
  return failure(400, { message: `The model name "${name}" has a number over ${most}, which is the limit.` });
}

const addCalls: Reply[] = [];

/** The call of one step; made once, so that its frames are too. */
function addCall(step: number): Reply {
  addCalls[step] ??= toolCalls([addArguments(step)]);
  return addCalls[step];
}

function addArguments(step: number): { name: string; arguments: { a: number; b: number } } {
  return { name: 'add', arguments: { a: step, b: step + 1 } };
}
