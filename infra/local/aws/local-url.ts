/** `https://<api>.execute-api.<region>.amazonaws.com/<path>`, as a stack output of an HTTP API says it. */
const HTTP_API = /^https?:\/\/(?<api>[a-z0-9]+)\.execute-api\.[^/]+(?<path>\/.*)?$/;

/**
 * Makes the translation from a URL of an HTTP API on AWS to the one that answers here: hosts below
 * `localhost` do not resolve everywhere, so the API's id travels in the path.
 *
 * @returns a function that throws Error for a URL that is none of an HTTP API.
 */
export const makeLocalUrl =
  (endpoint: string) =>
  (urlOnAws: string): string => {
    const parts = HTTP_API.exec(urlOnAws)?.groups;
    if (parts === undefined)
      throw new Error(`${urlOnAws} is no URL of an HTTP API (https://<id>.execute-api.<region>...).`);
    return `${endpoint}/_aws/execute-api/${parts['api']}${parts['path'] ?? '/'}`;
  };
