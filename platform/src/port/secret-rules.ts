/** A secret that a rule found in a text. */
export interface SecretFinding {
  start: number;
  end: number;
  /** What it is, for people and models: `GitHub token`. */
  label: string;
}

/** Rules that know secrets by their shape. Contract: never rejects; what a failing rule would have found is not found. */
export interface SecretRules {
  find(text: string): Promise<SecretFinding[]>;
}
