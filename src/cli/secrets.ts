// Removes passwords from URLs, before anything is printed or written.

/** Whether a text is a Redis URL. Spaces and quotes must be written as %20, %22 and %27: otherwise `withoutSecrets` could not see where the URL ends. */
export function isRedis(text: string): boolean {
  return /^rediss?:\/\/[^\s"']+$/.test(text) && URL.canParse(text);
}

/**
 * Removes user, password and, for Redis, the query (which may contain either) from URLs in a text: 'redis://ann:secret@host:1/0?password=x' becomes
 * 'redis://host:1/0'. An unescaped password may contain '@' and '/', so everything up to the last '@' of the word is removed.
 */
export function withoutSecrets(text: string): string {
  return text
    .replace(/\b([a-z][a-z0-9+.-]*:\/+)[^\s"']*@/gi, '$1')
    .replace(/\b(rediss?:\/\/[^\s"'?#]*)[?#][^\s"']*/gi, '$1');
}
