/** Looks for what should not leave in the text of a string. */
export interface Inspect {
  /** Undefined: nothing is in it; `strip`: it must go; else what stands instead. @throws what refuses the whole answer */
  look(text: string): undefined | 'strip' | { readonly text: string }
}
