// The slash key goes to the search field; a page about something that goes on looks again. Everything works without
// this file.
document.addEventListener("keydown", function (event) {
  var typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  document.getElementById("search").focus();
});
var reload = Number(document.body.dataset.reload);
function again() {
  var typing = /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName);
  if (document.hidden || typing) setTimeout(again, 1000);
  else location.reload();
}
if (reload) setTimeout(again, reload * 1000);
