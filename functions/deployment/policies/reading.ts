/** What a rule makes of a tag: something it can compare, or the reason why not. */
export type Reading<V> =
  | { readonly ok: true; readonly value: V }
  | { readonly ok: false; readonly reason: string };

export const readAs = <V>(value: V): Reading<V> => ({ ok: true, value });

/** @param reason completes the sentence "this tag ..." */
export const unreadable = (reason: string): Reading<never> => ({ ok: false, reason });
