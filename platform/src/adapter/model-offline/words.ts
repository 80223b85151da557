/** A text in lower case and without accents, so that `Cuántos` and `cuantos` are the same. */
export function plain(text: string): string {
  return text.toLowerCase().normalize('NFD').replaceAll(/\p{M}/gu, '');
}

/** Words that say nothing about the subject, in three languages. */
const emptyWords = new Set(
  `a an and are as at be by can could do does for from give get has have how i in is it its me my of on or please show tell
  that the their them then there this to use using was we what when where which who will with would you your
  al algo como con cual cuando cuanto cuantos de del dame dime donde el ella en entre es esta este favor la las le lo los me
  mi mis no nos o para pero por que quien se ser si sobre son su sus te tu tus un una unas uno unos usa usar y ya
  ao aos com da das dos e ela ele em essa esse esta estao eu foi isso isto mais mas meu minha na nas nem no nos num
  numa os ou pela pelo qual quais quando quanto quantos quem sao sem seu sua tem um uma uns use voce`.split(
    /\s+/,
  ),
);

/** Words for the same thing, so that a question in one language finds an answer in another. */
const synonyms: Readonly<Record<string, string>> = {
  titulo: 'title',
  precio: 'price',
  preco: 'price',
  fecha: 'date',
  data: 'date',
  nombre: 'name',
  nome: 'name',
  enlace: 'link',
  enlaces: 'link',
  links: 'link',
  estado: 'status',
};

/** The words of a text that say something about its subject, plain and without endings. */
export function subjectWords(text: string): Set<string> {
  const words = plain(text).match(/[\p{L}\p{N}]+/gu) ?? [];
  return new Set(words.filter((word) => word.length > 1 && !emptyWords.has(word)).map(stem));
}

/** Without the endings of plural, gerund and past, roughly: only ever compared with itself. */
function stem(word: string): string {
  const known = synonyms[word] ?? word;
  if (known.length < 5) return known;
  return known.replace(/(?:ations?|aciones|acion|acoes|acao|ing|ed|es|s)$/, '').slice(0, 12);
}

/** How many words two sets share. */
export function overlap(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  let shared = 0;
  for (const word of one) if (other.has(word)) shared += 1;
  return shared;
}
