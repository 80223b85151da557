import type { ModelRequest, ModelToolResult } from '../../port/model.ts';
import { detectLanguage } from './language.ts';
import { isGreeting, phrases, type Phrases } from './phrases.ts';
import { pickSentences, shorten } from './pick-sentences.ts';
import { plain } from './words.ts';

/** What an answer is made from. */
export interface AnswerMaterial {
  question: string;
  /** Results of the calls made since the question. */
  results: readonly ModelToolResult[];
  request: ModelRequest;
}

/** A result up to this length is quoted whole. */
const shortResult = 400;
const longestAnswer = 1600;
const resultBounds = { sentences: 5, characters: 1000 };

/** An answer that quotes, in the language of the question, and says what it is. */
export function composeAnswer(material: AnswerMaterial): string {
  const words = phrases[detectLanguage(material.question)];
  const body = material.results.length > 0 ? quoteResults(material, words) : answerAlone(material, words);
  return `${shorten(body, longestAnswer)}\n\n${words.notice}`;
}

function quoteResults({ question, results }: AnswerMaterial, words: Phrases): string {
  return results
    .map(({ tool, isError, content }) => {
      const intro = (isError ? words.failed : words.result).replace('{}', tool);
      const quote =
        content.length <= shortResult
          ? content.trim()
          : pickSentences(content, question, { ...resultBounds, elseFirst: true }).join('\n');
      return quote.includes('\n') ? `${intro}\n${quote}` : `${intro} ${quote}`;
    })
    .join('\n\n');
}

function answerAlone({ question, request }: AnswerMaterial, words: Phrases): string {
  const names = request.tools.map(({ name }) => name).slice(0, 12);
  const tools = names.length === 0 ? words.noTools : words.tools.replace('{}', names.join(', '));
  if (isGreeting(plain(question))) return `${words.greeting} ${tools}`;
  const bounds = { sentences: 3, characters: 800, elseFirst: false };
  const known = pickSentences(saidBefore(request), question, bounds);
  if (known.length > 0) return quoted(words.known, known);
  // Most of an instruction is about how to work: it must share more than a word with the question.
  const instructed = pickSentences(request.instructions, question, { ...bounds, leastShared: 2 });
  return instructed.length > 0 ? quoted(words.instructed, instructed) : `${words.nothing} ${tools}`;
}

function quoted(intro: string, quotes: readonly string[]): string {
  return `${intro}\n${quotes.map((quote) => `> ${quote}`).join('\n')}`;
}

/** What the user and the tools said before the question; own answers were quotes already. */
function saidBefore({ messages }: ModelRequest): string {
  const lastQuestion = messages.findLastIndex(({ role }) => role === 'user');
  const said = messages.slice(0, lastQuestion).flatMap((message) => {
    if (message.role === 'tool') return message.results.map(({ content }) => content);
    return message.parts.flatMap((part) =>
      part.type === 'text' && !isOwnAnswer(part.text) ? [part.text] : [],
    );
  });
  return said.join('\n');
}

function isOwnAnswer(text: string): boolean {
  return Object.values(phrases).some(({ notice }) => text.endsWith(notice));
}
