{% load i18n static %}{% comment %} The service worker. What is written here is not sent.

Network first for pages: a page that was published a second ago is shown. Where the line is gone, or says nothing for
some seconds though a copy is kept, the copy is shown with its time; without a copy the offline page.

Kept: the last pages of the news that were read and their photos, both bounded; static files by the hash in their name;
the offline page of the reader's language; for who was among the appeals' pages an empty form, which is the same for
everybody and has no token. Everything belongs to one version of the portal, and goes with it.

Never kept, by two locks: only addresses of the news are looked at, and only answers that say "public". So nothing of
appeals, of the admin, of a preview, of a search, of the CAPTCHA; no answer to a POST; nothing made for one reader (the
version for the visually impaired says "private"). Films do not pass through here.
{% endcomment %}{% get_available_languages as languages %}{% get_static_prefix as static %}const [FILES, PAGES, PHOTOS] = ["files", "pages", "photos"].map((name) => `${name}-{{ version }}`);
const HASHED = /{{ static|slice:"1:-1" }}\/[^"#]+\.[\da-f]{12}\.\w+/g;
const WHERE = /^\/(\w\w)\/((?:text\/)?(?:news\/(?!verify)(?:.*\/)?)?$)?(appeals\/)?(write\/)?/;
const isPublic = (answer) => answer.status === 200 && /public/.test(answer.headers.get("cache-control"));
const shown = async (page, place, html) => new Response((await page.text()).replace(place, html), page);

async function keep(name, url, answer) {
  const cache = await caches.open(name);
  await cache.delete(url);{# The last that was read is the last to go. #}
  await cache.put(url, answer);
  for (const old of (await cache.keys()).slice(0, name === PAGES ? -30 : -150)) await cache.delete(old);
}

async function file(url, name) {
  const kept = await caches.match(url);
  if (kept) return kept;
  const answer = await fetch(url);
  if (isPublic(answer)) keep(name, url, answer.clone()).catch(() => {});
  return answer;
}

async function shell(url) {
  if (await caches.match(url)) return;
  const answer = await fetch(url, { credentials: "omit" });
  if (!isPublic(answer)) return;
  const html = await answer.clone().text();
  await Promise.all(html.match(HASHED).map((name) => file(`/${name}`, FILES)));
  await keep(FILES, url, answer);
}

async function note(url, answer) {
  const [, language, news, appeals] = WHERE.exec(new URL(url).pathname);
  if (!answer.status) return;{# It leads elsewhere. #}
  if (news !== undefined && isPublic(answer)) await keep(PAGES, url, answer.clone());
  else if (answer.status < 500) await (await caches.open(PAGES)).delete(url);{# Withdrawn, or made for one reader. #}
  await shell(`/${language}/offline/`);
  if (appeals) await shell(`/${language}/appeals/write/offline/`);
}

async function links() {
  const pages = await caches.open(PAGES);
  const items = (await pages.keys()).reverse().map(async ({ url }) => {
    const title = /<title>(.*?)( – [^–]*)?<\/title>/.exec(await (await pages.match(url)).text())[1];
    return `<li><a href="${url}" lang="${WHERE.exec(new URL(url).pathname)[1]}">${title}</a></li>`;
  });
  return (await Promise.all(items)).join("");
}

async function page(event, url) {
  const kept = await caches.match(url, { cacheName: PAGES });
  const asked = fetch(event.request);
  event.waitUntil(asked.then((answer) => note(url, answer)).catch(() => {}));
  try {
    return await (kept ? Promise.race([asked, new Promise((_, stop) => setTimeout(stop, 4000))]) : asked);
  } catch {
    const [, language, , , write] = WHERE.exec(new URL(url).pathname) ?? [];
    const form = write && await caches.match(`/${language}/appeals/write/offline/`);
    if (form) return form;
    for (const code of [language, {% for code, name in languages %}"{{ code }}"{% if not forloop.last %}, {% endif %}{% endfor %}]) {
      const offline = await caches.match(`/${code}/offline/`);
      if (!offline) continue;
      if (!kept) return shown(offline, /<!--kept-->.*/, (await links()) || "$&");
      const time = new Date(kept.headers.get("date")).toLocaleString("ru").slice(0, -3);
      return shown(kept, /<main.*?>/, `$&${/<template>(.*)</.exec(await offline.text())[1].replace("{time}", time)}`);
    }
    return kept;
  }
}

async function start() {
  for (const name of await caches.keys()) if (!name.endsWith("{{ version }}")) await caches.delete(name);
  await clients.claim();
}

const place = (path) => path.match(HASHED) ? FILES : path.includes("/media/photos/") && PHOTOS;

skipWaiting();
onactivate = (event) => event.waitUntil(start());
onfetch = (event) => {
  const { headers, method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== "GET" || origin !== location.origin || headers.has("range")) return;
  const name = place(pathname);
  if (name) event.respondWith(file(url, name));
  else if (mode === "navigate" && (pathname === "/" || WHERE.test(pathname))) event.respondWith(page(event, url));
};
{# A page that was there before the worker says what it is, and what it is made of: the browser has it all at hand. #}
onmessage = ({ data }) => data.forEach(async (url, number) => {
  const name = place(url);
  if (name) file(url, name);
  else if (!number) note(url, await fetch(url, { cache: "force-cache" }));
});
