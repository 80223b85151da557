import type { JsonObject } from '@batuta/contract';
import type { ModelToolSpec } from '../../port/model.ts';
import { fillArguments } from './fill-arguments.ts';
import { findExpression } from './find-expression.ts';
import { findTimeZone } from './find-time-zone.ts';
import { overlap, plain, subjectWords } from './words.ts';

/** A tool and the arguments that the message gives it. */
export interface ChosenCall {
  tool: string;
  arguments: JsonObject;
}

const timeQuestion =
  /\b(?:what|which|que|cual|qual)\s+(?:time|date|day|hora|horas|fecha|dia|data)\b|\btime is it\b|\b(?:time|hora|horas|date|fecha|data)\s+(?:now|is it|in|en|em|de hoy|de hoje|actual|atual)\b|\bcurrent (?:time|date)\b|\btoday'?s date\b/;

/** Verbs of change in names of tools: such a tool is only called when the message writes its name. */
const destructive =
  /(?:^|_|-)(?:delete|remove|destroy|drop|erase|wipe|purge|revoke|cancel|send|pay|transfer|refund|publish|deploy|execute|run|shell|overwrite|reset|kill|stop|shutdown|shut|restart|reboot|terminate|borrar|eliminar|apagar|excluir|enviar|pagar)(?:_|-|$)/;

/** Puts the work off to a person: a stand-in asks only what it was told to ask. */
const askUser = 'ask_user';

const askMe =
  /^\W*(?:please |por favor,? )?(?:ask me|pregunta ?me|preguntame|pergunte-me|me pergunte)\b[:,]?\s+/;

const askVerbs = String.raw`(?:ask|tell|delegate to|have|preguntale a|pregunta a|preguntar a|pidele a|pide a|dile a|pergunte a|pergunte ao|pergunta a|pergunta ao|peca a|peca ao|delega a|delegue a)`;

/**
 * The calls that a message asks for. What has an unmistakable shape comes first (a calculation, an address, the time, a
 * question to an agent), several at once if need be; only where there is none, the tool whose name and description fit best.
 */
export function chooseCalls(text: string, tools: readonly ModelToolSpec[]): ChosenCall[] {
  const named = tools.filter((tool) => names(text, tool)).flatMap((tool) => attempt(tool, text));
  if (named.length > 0) return named;
  const allowed = tools.filter(({ name }) => !destructive.test(name) && name !== askUser);
  const question = questionToUser(text);
  if (question !== undefined && tools.some(({ name }) => name === askUser))
    return [{ tool: askUser, arguments: { question } }];
  const delegated = chooseAgent(text, allowed);
  if (delegated !== undefined) return [delegated];
  const shaped = allowed.flatMap((tool) => (isAskedByShape(tool, text) ? attemptShaped(tool, text) : []));
  return shaped.length > 0 ? shaped : chooseByWords(text, allowed);
}

/**
 * A name that is an ordinary word must stand where one gives an order: after "use", or at the beginning if the rest of the message
 * must give it arguments.
 */
function names(text: string, tool: ModelToolSpec): boolean {
  const { name } = tool;
  if (name.length <= 3) return false;
  const isWord = !/[_-]/.test(name);
  const order = String.raw`\b(?:use|call|usa|llama a|chame)\s+(?:the |el |la |o |a )?`;
  const beginning = requiredOf(tool).length > 0 ? String.raw`^\W*|` : '';
  const before = isWord ? `(?:${beginning}${order})` : '';
  return new RegExp(String.raw`${before}(?<![\w-])${name}(?![\w-])`, 'i').test(text);
}

/** "Ask me which ...": the rest as a question, from the other side. */
function questionToUser(text: string): string | undefined {
  const match = askMe.exec(plain(text));
  if (match === null) return undefined;
  const said = text
    .normalize('NFC')
    .slice(match[0].length)
    .replace(/[\s?.!]+$/, '');
  const turned = said.replaceAll(/\bI\b/g, 'you').replaceAll(/\bmy\b/g, 'your');
  return turned === '' ? undefined : `${turned[0]?.toUpperCase() ?? ''}${turned.slice(1)}?`;
}

function attempt(tool: ModelToolSpec, text: string): ChosenCall[] {
  const filled = fillArguments(tool.inputSchema, text);
  if (filled !== undefined) return [{ tool: tool.name, arguments: filled }];
  return takesNothing(tool) ? [{ tool: tool.name, arguments: {} }] : [];
}

/** The time needs no argument: without a place it is the time somewhere. */
function attemptShaped(tool: ModelToolSpec, text: string): ChosenCall[] {
  if (!isClock(tool)) return attempt(tool, text);
  const zone = findTimeZone(text);
  const argument = argumentNames(tool).find((name) => /time_?zone|^tz$/i.test(name));
  return [
    { tool: tool.name, arguments: zone === undefined || argument === undefined ? {} : { [argument]: zone } },
  ];
}

function isAskedByShape(tool: ModelToolSpec, text: string): boolean {
  const argument = argumentNames(tool);
  if (isClock(tool)) return timeQuestion.test(plain(text));
  if (argument.some((name) => /expression|formula/.test(name))) return findExpression(text) !== undefined;
  return argument.some((name) => /^(?:url|uri)$/.test(name)) && /https?:\/\//.test(text);
}

function isClock(tool: ModelToolSpec): boolean {
  return /(?:^|_)(?:current_)?(?:time|clock|date|now)$/.test(tool.name) && requiredOf(tool).length === 0;
}

/** "Ask researcher about ...": the tools that delegate are named `agent_<name>`. */
function chooseAgent(text: string, tools: readonly ModelToolSpec[]): ChosenCall | undefined {
  for (const { name } of tools) {
    if (!name.startsWith('agent_')) continue;
    const agent = name.slice('agent_'.length).replaceAll(/[_-]/g, '[ _-]');
    const asked = new RegExp(
      String.raw`\b${askVerbs}\s+(?:the |el |la |o |a )?(?:agent |agente )?["'«]?${agent}["'»]?\b[,:]?\s*`,
    );
    const match = asked.exec(plain(text));
    if (match === null) continue;
    const task = text
      .normalize('NFC')
      .slice(match.index + match[0].length)
      .trim();
    return { tool: name, arguments: { task: task === '' ? text : task } };
  }
  return undefined;
}

/** The tool that shares most words with the message, if it shares a good part of its name. */
function chooseByWords(text: string, tools: readonly ModelToolSpec[]): ChosenCall[] {
  const words = subjectWords(text);
  const ranked = tools
    .filter(({ name }) => !name.startsWith('agent_'))
    .map((tool) => ({ tool, score: scoreOf(tool, words) }))
    .filter(({ score }) => score >= 3)
    .toSorted((one, other) => other.score - one.score);
  for (const { tool } of ranked) {
    const [call] = attempt(tool, text);
    if (call !== undefined) return [call];
  }
  return [];
}

function scoreOf(tool: ModelToolSpec, words: ReadonlySet<string>): number {
  const name = subjectWords(tool.name.replaceAll(/[_-]|(?<=[a-z])(?=[A-Z])/g, ' '));
  const inName = overlap(name, words);
  if (inName * 2 < name.size || inName === 0) return 0;
  const about = subjectWords(
    `${tool.description.slice(0, 500)} ${argumentNames(tool).join(' ').replaceAll('_', ' ')}`,
  );
  return inName * 3 + overlap(about, words);
}

function argumentNames({ inputSchema }: ModelToolSpec): string[] {
  const { properties } = inputSchema;
  return typeof properties === 'object' && properties !== null ? Object.keys(properties) : [];
}

function requiredOf({ inputSchema }: ModelToolSpec): unknown[] {
  return Array.isArray(inputSchema['required']) ? inputSchema['required'] : [];
}

function takesNothing(tool: ModelToolSpec): boolean {
  return argumentNames(tool).length === 0;
}
