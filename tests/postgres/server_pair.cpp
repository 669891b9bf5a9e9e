#include "server_pair.h"

#include "server_stand.h"

#include <fmt/format.h>
#include <signal.h>

#include <fstream>
#include <stdexcept>
#include <utility>
#include <vector>

namespace fs = std::filesystem;

namespace pipeline::test {
namespace {

std::vector<pid_t> children_of(pid_t parent) {
  std::ifstream file(fmt::format("/proc/{0}/task/{0}/children", parent));
  std::vector<pid_t> children;
  for (pid_t child = 0; file >> child;) children.push_back(child);
  return children;
}

}  // namespace

ServerPair::ServerPair() {
  (void)server_program({"start", primary_->path().string()});
  (void)server_program({"standby", standby_->path().string(), primary_->path().string()});
}

ServerPair::~ServerPair() {
  for (const TempDir* folder : {standby_, primary_}) try {
      (void)server_program({"stop", folder->path().string()});
    } catch (const std::exception&) {  // it has ended already
    }
}

void ServerPair::end_primary(End how) const {
  const pid_t postmaster = postmaster_of(primary_->path());
  if (how == End::stopped || how == End::stopped_at_once) {
    ::kill(postmaster, how == End::stopped ? SIGINT : SIGQUIT);
    return;
  }
  const auto children = children_of(postmaster);
  ::kill(postmaster, SIGKILL);
  if (how == End::all_killed)
    for (const pid_t child : children) ::kill(child, SIGKILL);
}

void ServerPair::promote() {
  (void)server_program({"promote", standby_->path().string()});
  std::swap(primary_, standby_);
}

void ServerPair::add_standby() {
  for (const auto& file : fs::directory_iterator(standby_->path())) fs::remove_all(file.path());
  (void)server_program({"standby", standby_->path().string(), primary_->path().string()});
}

}  // namespace pipeline::test
