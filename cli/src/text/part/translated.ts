/** The texts of a part in another language: the same keys. */
export type Translated<English> = Readonly<Record<keyof English, string>>;
