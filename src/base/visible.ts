/** What a terminal obeys, what turns or hides the text beside it, and halves of surrogate pairs: it shows as something else, or not at all. */
const UNSEEN = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_C}\u00ad\u200b\ufeff]/gu;

/** A text of whoever it may be, for people to read: ESC becomes \u001b, a newline \u000a, U+202E \u202e. */
export function visible(text: string): string {
  return text.replace(UNSEEN, (unseen) => `\\u${unseen.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
