// server/visible_fields_test.cc: what `fields:` of explores, joins and sets leaves.
#include "server/visible_fields.h"

#include <doctest/doctest.h>

namespace kura::server {
namespace {

lookml::View MakeView(const std::string& name, const std::vector<std::string>& fields) {
  lookml::View view;
  view.name = name;
  for (const std::string& field : fields) {
    view.fields.emplace_back();
    view.fields.back().name = field;
  }
  return view;
}

struct Fixture {
  lookml::Model model;
  lookml::Explore explore;

  Fixture() {
    model.views["orders"] = MakeView("orders", {"id", "total", "count"});
    model.views["orders"].sets = {{"money", {"total", "deep*"}},
                                  {"deep", {"count"}},
                                  {"circle", {"circle*", "id"}},
                                  {"most", {"ALL_FIELDS*", "-id"}}};
    model.views["users"] = MakeView("users", {"id", "email"});
    explore.name = explore.base = explore.base_view = "orders";
    explore.joins.emplace_back();
    explore.joins[0].name = "buyers";
    explore.joins[0].view = "users";
  }
  std::string Shown() const {
    std::string out;
    for (const VisibleField& visible : VisibleFields(model, explore)) {
      out += (out.empty() ? "" : " ") + visible.alias + "." + visible.field->name;
    }
    return out;
  }
  std::string Only(std::vector<std::string> fields) {
    explore.fields = std::move(fields);
    return Shown();
  }
};

TEST_CASE_FIXTURE(Fixture, "without a list everything is shown") {
  CHECK(Shown() == "orders.id orders.total orders.count buyers.id buyers.email");
}

TEST_CASE_FIXTURE(Fixture, "the list of an explore") {
  CHECK(Only({"ALL_FIELDS*", "-buyers.email"}) == "orders.id orders.total orders.count buyers.id");
  CHECK(Only({"-buyers.email"}) == "orders.id orders.total orders.count buyers.id");
  CHECK(Only({"orders.money*", "buyers.id"}) == "orders.total orders.count buyers.id");
  CHECK(Only({"orders.most*"}) == "orders.total orders.count");
  CHECK(Only({"orders.circle*"}) == "orders.id");
  CHECK(Only({"orders.none*", "users.id"}).empty());
}

TEST_CASE_FIXTURE(Fixture, "the list of a join names its own fields without the alias") {
  explore.joins[0].fields = {"email"};
  CHECK(Shown() == "orders.id orders.total orders.count buyers.email");
  explore.joins[0].fields = {"buyers.id"};
  CHECK(Shown() == "orders.id orders.total orders.count buyers.id");
}

TEST_CASE_FIXTURE(Fixture, "an alias without a view shows nothing") {
  explore.joins[0].view = "gone";
  CHECK(Shown() == "orders.id orders.total orders.count");
}

}  // namespace
}  // namespace kura::server
