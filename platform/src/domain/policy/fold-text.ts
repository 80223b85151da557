/** Characters that are not seen: joiners, marks of direction, variation selectors, tags. */
const unseen = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;

/** A text as a careless reader takes it: compatibility forms, upper and lower case, and what cannot be seen made equal. */
export function foldText(text: string): string {
  return text.normalize('NFKC').replace(unseen, '').toLowerCase().normalize('NFKC').trim();
}
