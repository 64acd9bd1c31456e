/** Signs that no shell and no kubelet reads anything into. */
const PLAIN = /^[\w@%+=:,./-]+$/;

/**
 * Writes a value as one word of a shell command that stands in the `args` of a container.
 *
 * Two readers come before the program: the kubelet puts the value of a variable in for `$(NAME)`, quoted or not, and
 * takes `$$` for `$` (Kubernetes documentation, "Define a Command and Arguments for a Container"); then the shell reads
 * the quotes.
 *
 * @param value without the character NUL, which no argument can hold.
 */
export const quoteArgument = (value: string): string =>
  PLAIN.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`.replaceAll('$', '$$$$');
