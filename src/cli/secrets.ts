// A URL may hold a password. Whatever is printed, written or repeated has it without.

/** Whether a text is a URL of a Redis. With a space or a quote in it, it could not be told from the text around it: they are written %20, %22, %27. */
export function isRedis(text: string): boolean {
  return /^rediss?:\/\/[^\s"']+$/.test(text) && URL.canParse(text);
}

/**
 * A text whose URLs name no user, no password and no query, which may hold either: 'redis://ann:secret@host:1/0?password=x' is 'redis://host:1/0'. A
 * password that is not escaped may hold '@' and '/': everything up to the last '@' of the word is left out.
 */
export function withoutSecrets(text: string): string {
  return text
    .replace(/\b([a-z][a-z0-9+.-]*:\/+)[^\s"']*@/gi, '$1')
    .replace(/\b(rediss?:\/\/[^\s"'?#]*)[?#][^\s"']*/gi, '$1');
}
