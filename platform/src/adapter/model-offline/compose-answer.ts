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
const bounds = { sentences: 5, characters: 1000 };

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
          : pickSentences(content, question, { ...bounds, elseFirst: true }).join('\n');
      return quote.includes('\n') ? `${intro}\n${quote}` : `${intro} ${quote}`;
    })
    .join('\n\n');
}

function answerAlone({ question, request }: AnswerMaterial, words: Phrases): string {
  const names = request.tools.map(({ name }) => name).slice(0, 12);
  const tools = names.length === 0 ? words.noTools : words.tools.replace('{}', names.join(', '));
  if (isGreeting(plain(question))) return `${words.greeting} ${tools}`;
  const quotes = pickSentences(backgroundOf(request), question, {
    sentences: 3,
    characters: 800,
    elseFirst: false,
  });
  return quotes.length === 0
    ? `${words.nothing} ${tools}`
    : `${words.known}\n${quotes.map((quote) => `> ${quote}`).join('\n')}`;
}

/** All that was said before the question, and the instructions. */
function backgroundOf({ instructions, messages }: ModelRequest): string {
  const lastQuestion = messages.findLastIndex(({ role }) => role === 'user');
  const said = messages.slice(0, lastQuestion).flatMap((message) => {
    if (message.role === 'tool') return message.results.map(({ content }) => content);
    return message.parts.flatMap((part) => (part.type === 'text' ? [withoutNotice(part.text)] : []));
  });
  return [...said, instructions].join('\n');
}

function withoutNotice(text: string): string {
  return Object.values(phrases).reduce((rest, { notice }) => rest.replace(notice, ''), text);
}
