import type { Language } from './language.ts';

/** What the stand-in can say. `{}` is filled. */
export interface Phrases {
  result: string;
  failed: string;
  known: string;
  instructed: string;
  nothing: string;
  greeting: string;
  tools: string;
  noTools: string;
  /** The end of every final answer: what answered is no language model. */
  notice: string;
}

export const phrases: Readonly<Record<Language, Phrases>> = {
  en: {
    result: '{} returned:',
    failed: '{} failed:',
    known: 'The conversation says about this:',
    instructed: 'My instructions say about this:',
    nothing: 'I found nothing about this in the conversation.',
    greeting: 'Hello!',
    tools: 'I can use these tools: {}.',
    noTools: 'I have no tools here.',
    notice: '(Offline stand-in, not a language model: it matches words and quotes.)',
  },
  es: {
    result: '{} devolvió:',
    failed: '{} falló:',
    known: 'La conversación dice sobre esto:',
    instructed: 'Mis instrucciones dicen sobre esto:',
    nothing: 'No encontré nada sobre esto en la conversación.',
    greeting: '¡Hola!',
    tools: 'Puedo usar estas herramientas: {}.',
    noTools: 'Aquí no tengo herramientas.',
    notice: '(Sustituto sin conexión, no es un modelo de lenguaje: busca palabras y cita.)',
  },
  pt: {
    result: '{} devolveu:',
    failed: '{} falhou:',
    known: 'A conversa diz sobre isso:',
    instructed: 'Minhas instruções dizem sobre isso:',
    nothing: 'Não encontrei nada sobre isso na conversa.',
    greeting: 'Olá!',
    tools: 'Posso usar estas ferramentas: {}.',
    noTools: 'Não tenho ferramentas aqui.',
    notice: '(Substituto sem conexão, não é um modelo de linguagem: procura palavras e cita.)',
  },
};

const greetings =
  /^\W*(?:hello|hi|hey|good (?:morning|afternoon|evening)|hola|buen[oa]s(?: dias| tardes| noches)?|ola|oi|bom dia|boa (?:tarde|noite))\b/;

/** Whether a text, made plain, begins with a greeting and says little more. */
export function isGreeting(plainText: string): boolean {
  return greetings.test(plainText) && plainText.length < 40;
}
