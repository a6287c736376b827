/** Forms that are sent, and parts of pages that come back, without leaving the page. */

export function parsed(html) {
  return new DOMParser().parseFromString(html, "text/html");
}

export function parse(html) {
  return parsed(html).body.childNodes;
}

/** Send a form without leaving the page, as this button of it does. @returns {Promise<Response>} */
export function post(form, submitter) {
  const headers = { "X-Hearth-Partial": "thread", Accept: "text/html" };
  return fetch(form.action, { method: "POST", body: new FormData(form, submitter), headers });
}

/** Ask for a part of a page. @returns {Promise<string | undefined>} its HTML, or nothing where it could not be had */
export async function part(address) {
  const response = await fetch(address, { headers: { "X-Hearth-Partial": "thread" } }).catch(() => undefined);
  return response?.ok && !response.redirected ? response.text() : undefined;
}

/** Why a form did not go through, as its answer says it. @param {Response} response */
export async function why(response, otherwise) {
  return parsed(await response.text()).querySelector(".refusal, .lead")?.textContent.trim() ?? otherwise;
}
