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
  /(?:^|_|-)(?:delete|remove|destroy|drop|erase|wipe|purge|revoke|cancel|send|pay|transfer|refund|publish|deploy|execute|run|shell|overwrite|reset|kill|stop|terminate|borrar|eliminar|apagar|excluir|enviar|pagar)(?:_|-|$)/;

/** Tools that put the work off to a person: a stand-in would ask without need. */
const neverByItself: ReadonlySet<string> = new Set(['ask_user']);

const askVerbs = String.raw`(?:ask|tell|delegate to|have|preguntale a|pregunta a|preguntar a|pidele a|pide a|dile a|pergunte a|pergunte ao|pergunta a|pergunta ao|peca a|peca ao|delega a|delegue a)`;

/**
 * The calls that a message asks for. What has an unmistakable shape comes first (a calculation, an address, the time, a
 * question to an agent), several at once if need be; only where there is none, the tool whose name and description fit best.
 */
export function chooseCalls(text: string, tools: readonly ModelToolSpec[]): ChosenCall[] {
  const named = tools.filter(({ name }) => names(text, name)).flatMap((tool) => attempt(tool, text));
  if (named.length > 0) return named;
  const allowed = tools.filter(({ name }) => !destructive.test(name) && !neverByItself.has(name));
  const delegated = chooseAgent(text, allowed);
  if (delegated !== undefined) return [delegated];
  const shaped = allowed.flatMap((tool) => (isAskedByShape(tool, text) ? attemptShaped(tool, text) : []));
  return shaped.length > 0 ? shaped : chooseByWords(text, allowed);
}

function names(text: string, tool: string): boolean {
  return (
    tool.length > 3 && new RegExp(String.raw`(?<![\w-])${tool}(?![\w-])`, 'i').test(text) && /[_-]/.test(tool)
  );
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
