/** Control characters, characters that reorder or hide text, and lone surrogates: a terminal shows them differently or not at all. */
const UNSEEN = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_C}\u00ad\u200b\ufeff]/gu;

/** Escapes invisible characters in a text from any source: ESC becomes \u001b, a newline \u000a, U+202E \u202e. */
export function visible(text: string): string {
  return text.replace(UNSEEN, (unseen) => `\\u${unseen.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
