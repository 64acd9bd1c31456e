/** What the local GitLab shows to whoever has no token. */

export interface PublicPage {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

export interface PublicSight {
  /** Where it is served. */
  readonly url: string;
  /** What the sign-in page answers. */
  readonly signIn: number;
  /** Paths of its projects. */
  readonly projects: readonly string[];
  /** Are they behind the login? */
  readonly isHidden: boolean;
  /** Does whoever asks Git bring a token that is let in, as a password? */
  readonly isLoggedIn: boolean;
}

/**
 * The sign-in page, the list of public projects, and the branches of one as the first step of a clone asks for them.
 * Behind a sign-in page that is down all of it is. Left out: pages of the list, every attribute but those that name a
 * repository, the objects of one.
 *
 * Source: GitLab documentation, "Projects API"; Git documentation, gitprotocol-http, "Smart clients".
 *
 * @returns undefined for any other address.
 */
export const answerStranger = (
  { pathname, searchParams }: URL,
  { url, signIn, projects, isHidden, isLoggedIn }: PublicSight,
): PublicPage | undefined => {
  const down = signIn === 200 ? undefined : { status: signIn, type: 'text/html', body: '<title>502</title>' };
  if (pathname === '/users/sign_in') {
    return down ?? { status: 200, type: 'text/html', body: '<title>Sign in · GitLab</title>' };
  }
  if (pathname === '/api/v4/projects') {
    const list = (isHidden ? [] : projects).map((path) => ({
      http_url_to_repo: `${url}/${path}.git`,
      empty_repo: false,
    }));
    return down ?? { status: 200, type: 'application/json', body: JSON.stringify(list) };
  }
  const [, path] = /^\/(.+)\.git\/info\/refs$/.exec(pathname) ?? [];
  if (path === undefined || searchParams.get('service') !== 'git-upload-pack') return undefined;
  if (isLoggedIn && !projects.includes(path)) return { status: 404, type: 'text/plain', body: 'not found' };
  if (!projects.includes(path) || (isHidden && !isLoggedIn))
    return down ?? { status: 401, type: 'text/plain', body: 'HTTP Basic: Access denied' };
  return down ?? { status: 200, type: 'application/x-git-upload-pack-advertisement', body: REFERENCES };
};

/** A line of that protocol begins with its length in four hexadecimal digits; 0000 ends a list. */
const line = (text: string): string => `${(text.length + 4).toString(16).padStart(4, '0')}${text}`;
const HEAD = '0123456789abcdef0123456789abcdef01234567';
const REFERENCES = `${line('# service=git-upload-pack\n')}0000${line(`${HEAD} HEAD\0\n`)}${line(`${HEAD} refs/heads/main\n`)}0000`;
