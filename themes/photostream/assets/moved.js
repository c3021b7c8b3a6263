// Leads an old address of Instagram's on: of posts whose codes differ by case alone to the one
// that is asked for, and of an album to its picture.  Instagram itself writes the number of the
// first one behind every album.
const parts = location.pathname.split("/");
const posts = [...document.querySelectorAll("[data-code]")];
const post = posts.find((each) => parts.includes(each.dataset.code)) ?? (posts[1] ? null : posts[0]);
const number = parseInt(new URLSearchParams(location.search).get("img_index"), 10);
const picture = number > 1 && post?.querySelector(`li[value="${number}"] a`);
if (post) location.replace((picture || post.querySelector("a")).href);
