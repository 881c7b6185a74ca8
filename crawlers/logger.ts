/** What the crawlers need of a log; pino's fits. */
export interface Logger {
  readonly info: (details: object, message: string) => void
  readonly warn: (details: object, message: string) => void
}
