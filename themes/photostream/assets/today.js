// Says which day of the calendar is today, by the visitor's own clock.
const now = new Date();
const months = [...document.querySelectorAll(".calendar section")];
const cells = months.flatMap((month) => [...month.querySelectorAll("li")].map((cell) => {
  const name = `${parseInt(cell.textContent, 10)} ${month.querySelector("h2").textContent}`;
  return { name, mark: cell.firstElementChild, link: cell.querySelector("a") };
}));
// In a leap year, as the calendar is.
const today = Math.round((Date.UTC(2000, now.getMonth(), now.getDate()) - Date.UTC(2000, 0, 1)) / 864e5);
const away = (day) => Math.min(Math.abs(day - today), cells.length - Math.abs(day - today));
const [nearest] = [...cells.keys()].filter((day) => cells[day].link)
  .sort((one, other) => away(one) - away(other));

cells[today].mark.setAttribute("aria-current", "date");
const link = document.createElement("a");
link.href = cells[nearest].link.href;
link.textContent = cells[nearest].link.textContent;
const words = nearest === today ? "Today: " : `Nothing on ${cells[today].name} yet. The nearest day: `;
document.querySelector(".today").replaceChildren(words, link, ".");
