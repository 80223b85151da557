/** Something that a person has to mend; its message says what and how. Shown without a stack. */
export class Refusal extends Error {}
