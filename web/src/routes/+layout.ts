// The page is one static file that draws itself in the browser.
export const ssr = false;
export const prerender = false;
