/** Some time goes by; less, when what waits is given up. Never fails: who waits looks at its signal. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const ended = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", ended);
      done();
    };
    const timer = setTimeout(ended, ms);
    signal.addEventListener("abort", ended);
  });
}
